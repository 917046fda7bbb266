// SPDX-License-Identifier: Apache-2.0
#include "core/archive/bundlereader.h"

#include "core/archive/tarheader.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <kcompressiondevice.h>

#include <algorithm>

namespace hublet::archive {

namespace {

constexpr qint64 SkipBytes = 1 << 20;
constexpr qint64 MaxEndBytes = 4096;

tl::unexpected<Error> corrupt(const QString& what)
{
    return fail(ErrorCode::Corrupt, QStringLiteral("The bundle is damaged: %1").arg(what));
}

} // namespace

struct BundleReader::Private {
    explicit Private(const QString& name) : file(name), zstd(&file, false, KCompressionDevice::Zstd) {}

    /// Exactly `size` bytes; fewer only when the bundle ends before.
    [[nodiscard]] Result<QByteArray> take(qint64 size);
    [[nodiscard]] Result<void> skipRest();
    [[nodiscard]] bool mayFollow(const BundleEntryName& name) const;
    [[nodiscard]] Result<void> checkEnd();

    QFile file;
    KCompressionDevice zstd;
    std::optional<Entry> current;
    qint64 left = 0;    ///< bytes of the current entry not read yet
    qint64 padding = 0; ///< after it
    qint64 entries = 0; ///< before the current one
    bool atEnd = false;
};

BundleReader::BundleReader(std::unique_ptr<Private> d) : d(std::move(d)) {}

BundleReader::~BundleReader() = default;

Result<std::unique_ptr<BundleReader>> BundleReader::open(const QString& file)
{
    auto d = std::make_unique<Private>(file);
    if (!d->file.exists())
        return fail(ErrorCode::NotFound, QStringLiteral("There is no such bundle"));
    if (!d->file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io,
                    QStringLiteral("The bundle cannot be read: %1").arg(d->file.errorString()));
    if (!d->zstd.open(QIODevice::ReadOnly))
        return corrupt(QStringLiteral("it is not compressed with zstd"));
    return std::unique_ptr<BundleReader>(new BundleReader(std::move(d)));
}

Result<QByteArray> BundleReader::Private::take(qint64 size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    qint64 done = 0;
    while (done < size) {
        const qint64 count = zstd.read(bytes.data() + done, size - done);
        if (count < 0)
            return file.error() == QFileDevice::NoError ? corrupt(QStringLiteral("it cannot be decompressed"))
                                                        : fail(ErrorCode::Io, file.errorString());
        if (count == 0)
            break;
        done += count;
    }
    bytes.truncate(done);
    return bytes;
}

Result<void> BundleReader::Private::skipRest()
{
    for (qint64 rest = left + padding; rest > 0;) {
        const auto bytes = take(std::min(rest, SkipBytes));
        if (!bytes)
            return forward(bytes);
        if (bytes->isEmpty())
            return corrupt(QStringLiteral("it is cut short"));
        rest -= bytes->size();
    }
    left = padding = 0;
    return {};
}

bool BundleReader::Private::mayFollow(const BundleEntryName& name) const
{
    if (!current)
        return name.kind == BundleEntryKind::Manifest && name.part == 0;
    if (name.part > 0) {
        return name.kind == current->name.kind && name.digest == current->name.digest &&
               name.part == current->name.part + 1 && current->size == BundlePartBytes;
    }
    const bool manyOfAKind = name.kind == BundleEntryKind::Blob || name.kind == BundleEntryKind::Pack ||
                             name.kind == BundleEntryKind::Xorb;
    return manyOfAKind ? current->name.kind >= BundleEntryKind::Database : name.kind > current->name.kind;
}

Result<void> BundleReader::Private::checkEnd()
{
    const auto bytes = take(left);
    if (!bytes)
        return forward(bytes);
    const QJsonValue counted = QJsonDocument::fromJson(*bytes).object().value(QStringLiteral("entries"));
    if (counted.toInteger(-1) != entries)
        return corrupt(QStringLiteral("entries are missing"));
    atEnd = true;
    return {};
}

Result<std::optional<BundleReader::Entry>> BundleReader::next()
{
    if (d->atEnd)
        return std::optional<Entry>();
    if (const auto skipped = d->skipRest(); !skipped)
        return forward(skipped);
    const auto block = d->take(TarHeader::Bytes);
    if (!block)
        return forward(block);
    if (block->size() < TarHeader::Bytes)
        return corrupt(QStringLiteral("it is cut short"));
    const auto header = TarHeader::parse(*block);
    const auto name = header ? BundleEntryName::parse(header->name) : std::nullopt;
    if (!name || header->size > BundlePartBytes)
        return corrupt(QStringLiteral("it holds something that is not part of a bundle"));
    if (!d->mayFollow(*name))
        return corrupt(QStringLiteral("'%1' is in the wrong place").arg(QString::fromLatin1(header->name)));
    d->left = header->size;
    d->padding = header->padding();
    if (name->kind == BundleEntryKind::End) {
        if (d->left > MaxEndBytes)
            return corrupt(QStringLiteral("its end mark is too large"));
        if (const auto checked = d->checkEnd(); !checked)
            return forward(checked);
        return std::optional<Entry>();
    }
    ++d->entries;
    d->current = Entry{*name, header->size};
    return d->current;
}

Result<QByteArray> BundleReader::read(qint64 limit)
{
    const qint64 wanted = std::min(limit, d->left);
    auto bytes = d->take(wanted);
    if (!bytes)
        return forward(bytes);
    if (bytes->size() < wanted)
        return corrupt(QStringLiteral("it is cut short"));
    d->left -= bytes->size();
    return bytes;
}

Result<QByteArray> BundleReader::readAll(qint64 limit)
{
    if (d->left > limit)
        return corrupt(QStringLiteral("an entry is larger than it may be"));
    return read(limit);
}

qint64 BundleReader::position() const
{
    return d->file.pos();
}

qint64 BundleReader::size() const
{
    return d->file.size();
}

} // namespace hublet::archive
