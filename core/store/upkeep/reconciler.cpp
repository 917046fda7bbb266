// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/reconciler.h"

#include "core/store/files/fileio.h"
#include "core/store/tables/xorbqueries.h"

#include <QLoggingCategory>

#include <numeric>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr int PageFiles = 1000;

QString reconciledFile()
{
    return QStringLiteral("reconciled_file");
}

[[nodiscard]] Result<bool> isOnDisk(const StoreContext& context, const StoredFile& file)
{
    const auto opened = context.folder->openFile(file);
    if (!opened)
        return opened.error().code() == ErrorCode::NotFound ? Result<bool>(false) : forward(opened);
    const auto size = fileSize(opened->get());
    if (!size)
        return forward(size);
    return *size == file.size;
}

/// Distrusts all contents that have bytes in the file; gives their number.
[[nodiscard]] Result<qint64> lose(db::Transaction& transaction, const StoredFile& file)
{
    if (file.kind != FileKind::Xorb) {
        if (const auto distrusted = queries::distrustFile(transaction, file.id); !distrusted)
            return forward(distrusted);
        const auto rows = queries::contentsOf(transaction, file);
        return rows ? Result<qint64>(qint64(rows->size())) : forward(rows);
    }
    const auto xorb = queries::findXorb(transaction, file.id);
    if (!xorb)
        return forward(xorb);
    if (!*xorb)
        return 0;
    std::vector<quint32> all((*xorb)->chunkCount);
    std::iota(all.begin(), all.end(), 0U);
    const auto contents = queries::noteDamage(transaction, **xorb, all, nullptr);
    return contents ? Result<qint64>(qint64(contents->size())) : forward(contents);
}

} // namespace

Result<qint64> reconcile(StoreContext& context)
{
    const auto start = context.database.read(
        [](db::Transaction& transaction) { return queries::mark(transaction, reconciledFile()); });
    if (!start)
        return forward(start);
    qint64 last = *start;
    qint64 lost = 0;
    while (true) {
        const auto files = context.database.read(
            [&](db::Transaction& transaction) { return queries::filesAfter(transaction, last, PageFiles); });
        if (!files)
            return forward(files);
        if (files->empty())
            break;
        for (const StoredFile& file : *files) {
            last = file.id;
            const auto there = isOnDisk(context, file);
            if (!there)
                return forward(there);
            if (*there)
                continue;
            const auto contents =
                context.database.write([&](db::Transaction& transaction) { return lose(transaction, file); });
            if (!contents)
                return forward(contents);
            lost += *contents;
            qCCritical(storeLog,
                       "%s is missing or short: %lld contents are lost until they are uploaded again",
                       file.path().constData(), static_cast<long long>(*contents));
        }
    }
    if (last == *start)
        return lost;
    const auto noted = context.database.write(
        [&](db::Transaction& transaction) { return queries::setMark(transaction, reconciledFile(), last); });
    if (!noted)
        return forward(noted);
    return lost;
}

} // namespace hublet::store
