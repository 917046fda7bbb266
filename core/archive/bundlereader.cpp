// SPDX-License-Identifier: Apache-2.0
#include "core/archive/bundlereader.h"

#include "core/archive/tarheader.h"
#include "core/base/hasher.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

#include <kcompressiondevice.h>

#include <algorithm>

namespace hublet::archive {

namespace {

constexpr qint64 SkipBytes = 1 << 20;
constexpr QByteArrayView ZstdMagic("\x28\xb5\x2f\xfd", 4); // RFC 8878
constexpr qint64 MaxEndBytes = 4096;
constexpr QLatin1StringView EntriesKey("entries");
constexpr QLatin1StringView DigestsKey("digests");

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
    [[nodiscard]] Result<QByteArray> takeContent(qint64 size);
    void noteDigest();
    [[nodiscard]] Result<void> checkEnd();

    QFile file;
    KCompressionDevice zstd;
    std::optional<Entry> current;
    qint64 left = 0;    ///< bytes of the current entry not read yet
    qint64 padding = 0; ///< after it
    qint64 entries = 0; ///< before the current one
    Sha256Hasher hasher; ///< of the current file, when no digest names it
    QJsonObject digests;
    bool hasDigests = false;
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
    // Something else was named, or the very beginning is damaged.
    if (d->file.peek(ZstdMagic.size()) != ZstdMagic)
        return fail(ErrorCode::Corrupt,
                    QStringLiteral("The file '%1' is not a Hublet bundle").arg(QFileInfo(file).fileName()));
    if (!d->zstd.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Unsupported, QStringLiteral("This build of KArchive cannot read zstd"));
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

/// Bytes of the current entry.
Result<QByteArray> BundleReader::Private::takeContent(qint64 size)
{
    auto bytes = take(size);
    if (!bytes)
        return bytes;
    if (bytes->size() < size)
        return corrupt(QStringLiteral("it is cut short"));
    left -= size;
    if (current && current->name.isSingle())
        hasher.add(*bytes);
    return bytes;
}

Result<void> BundleReader::Private::skipRest()
{
    while (left > 0) {
        if (const auto skipped = takeContent(std::min(left, SkipBytes)); !skipped)
            return forward(skipped);
    }
    const auto skipped = take(padding);
    if (!skipped)
        return forward(skipped);
    if (skipped->size() < padding)
        return corrupt(QStringLiteral("it is cut short"));
    padding = 0;
    return {};
}

/// The current file is over.
void BundleReader::Private::noteDigest()
{
    if (current && current->name.isSingle())
        digests.insert(QString::fromLatin1(current->name.fileName()),
                       QString::fromLatin1(hasher.finish().toHex()));
    hasher = Sha256Hasher();
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
    const QJsonObject end = QJsonDocument::fromJson(*bytes).object();
    if (end.value(EntriesKey).toInteger(-1) != entries)
        return corrupt(QStringLiteral("entries are missing"));
    hasDigests = end.contains(DigestsKey);
    if (end.size() != (hasDigests ? 2 : 1))
        return corrupt(QStringLiteral("its end mark says what it should not"));
    if (hasDigests && end.value(DigestsKey).toObject() != digests)
        return corrupt(QStringLiteral("its database or settings do not match their digests"));
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
    if (name->part == 0)
        d->noteDigest();
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
    return d->takeContent(std::min(limit, d->left));
}

Result<QByteArray> BundleReader::readAll(qint64 limit)
{
    if (d->left > limit)
        return corrupt(QStringLiteral("an entry is larger than it may be"));
    return read(limit);
}

bool BundleReader::hasDigests() const
{
    return d->hasDigests;
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
