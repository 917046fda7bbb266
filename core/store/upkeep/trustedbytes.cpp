// SPDX-License-Identifier: Apache-2.0
#include "core/store/upkeep/trustedbytes.h"

#include "core/store/files/fileio.h"
#include "core/store/files/xorbformat.h"
#include "core/store/tables/contentqueries.h"
#include "core/store/tables/xorbqueries.h"

#include <numeric>

namespace hublet::store {

namespace {

/// May a failure to read be damage of the file rather than of everything?
bool isDamage(const Error& error)
{
    return error.code() == ErrorCode::Corrupt || error.code() == ErrorCode::NotFound;
}

Result<bool> areTrustedChunksRight(const db::Database& rows, const StoredFile& file, int fd)
{
    auto damaged = findDamagedChunks(fd, file.size, xorbHashOf(file.name));
    if (!damaged && !isDamage(damaged.error()))
        return forward(damaged);
    return rows.read([&](db::Transaction& transaction) -> Result<bool> {
        if (!damaged) { // its index is: nothing in it can be told
            const auto xorb = queries::findXorb(transaction, file.id);
            if (!xorb)
                return forward(xorb);
            damaged = std::vector<quint32>(*xorb ? (*xorb)->chunkCount : 0);
            std::iota(damaged->begin(), damaged->end(), 0U);
        }
        for (const quint32 position : *damaged) {
            const auto noted = queries::hasDamage(transaction, file.id, position, position + 1);
            if (!noted || !*noted)
                return noted;
        }
        return true;
    });
}

Result<bool> areTrustedContentsRight(const db::Database& rows, const StoredFile& file, int fd)
{
    const auto contents =
        rows.read([&](db::Transaction& transaction) { return queries::contentsOf(transaction, file); });
    if (!contents)
        return forward(contents);
    for (const ContentRow& row : *contents) {
        if (row.verifiedMs == 0)
            continue;
        const auto digest = hashAt(fd, row.offset, row.size);
        if (!digest && !isDamage(digest.error()))
            return forward(digest);
        if (!digest || *digest != row.sha256)
            return false;
    }
    return true;
}

} // namespace

Result<bool> areTrustedBytesRight(const db::Database& rows, const StoredFile& file, int fd)
{
    return file.kind == FileKind::Xorb ? areTrustedChunksRight(rows, file, fd)
                                       : areTrustedContentsRight(rows, file, fd);
}

Result<std::vector<DamagedContent>> knownDamage(const db::Database& rows)
{
    const auto contents =
        rows.read([](db::Transaction& transaction) { return queries::damagedContents(transaction); });
    if (!contents)
        return forward(contents);
    std::vector<DamagedContent> damaged;
    damaged.reserve(contents->size());
    for (const auto& [sha256, size] : *contents)
        damaged.push_back({sha256, size, QStringLiteral("damaged")});
    return damaged;
}

} // namespace hublet::store
