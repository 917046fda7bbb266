// SPDX-License-Identifier: Apache-2.0
#include "core/store/context/storecontext.h"

#include "core/base/faultpoint.h"
#include "core/base/hasher.h"
#include "core/store/files/fileio.h"
#include "core/store/files/xorbformat.h"

#include <QLoggingCategory>
#include <QThread>

#include <algorithm>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr std::size_t OpenFiles = 256;
constexpr int SyncThreads = 4; ///< they wait for the disk, not for a core
/// How long a content counts as verified when the same bytes are uploaded again.
constexpr qint64 VerifiedForMs = 30LL * 24 * 3600 * 1000;

constexpr qint64 CancelEveryBytes = 64LL << 20; ///< hashed between two looks at a cancel token

} // namespace

StoreContext::StoreContext(const StoreOptions& givenOptions, db::Database& givenDatabase,
                           const Clock& givenClock, std::unique_ptr<StoreFolder> givenFolder)
    : options(givenOptions), database(givenDatabase), clock(givenClock), folder(std::move(givenFolder)),
      files(OpenFiles), strands(QThread::idealThreadCount()), syncing(SyncThreads)
{
}

Result<void> StoreContext::checkWritable() const
{
    if (isReadOnly())
        return fail(ErrorCode::ReadOnly, readOnlyReason());
    return {};
}

Result<void> StoreContext::checkSpace(qint64 bytes) const
{
    const auto space = folder->space();
    if (!space)
        return forward(space);
    const qint64 keep = std::max(options.keepFreeBytes, qint64(double(space->total) * options.keepFreeRatio));
    const qint64 margin = bytes / 20; // metadata and rounding
    if (space->free - keep < bytes + margin)
        return fail(ErrorCode::NoSpace, QStringLiteral("Not enough free space to store %1 bytes").arg(bytes));
    return {};
}

Error StoreContext::syncFailed(const Error& error)
{
    const QString reason =
        QStringLiteral("The store takes no more writes because the disk failed to keep the last one; "
                       "check the disk and restart");
    if (!m_readOnly.exchange(true)) {
        {
            const std::lock_guard lock(m_reasonMutex);
            m_readOnlyReason = reason;
        }
        qCCritical(storeLog, "a sync failed (%s): the store is read-only until restart",
                   qUtf8Printable(error.describe()));
        if (options.becameReadOnly)
            options.becameReadOnly(reason);
    }
    return Error(ErrorCode::Io, QStringLiteral("The disk failed to keep what was written"), error);
}

QString StoreContext::readOnlyReason() const
{
    const std::lock_guard lock(m_reasonMutex);
    return m_readOnlyReason;
}

Result<std::optional<ContentRow>> StoreContext::find(const Sha256& sha256) const
{
    return database.read(
        [&](db::Transaction& transaction) { return queries::findContent(transaction, sha256); });
}

Result<FileCache::File> StoreContext::openFile(const StoredFile& file)
{
    return files.get(file.id, [&]() -> Result<UniqueFd> {
        auto opened = folder->openFile(file);
        if (!opened)
            return opened;
        const auto size = fileSize(opened->get());
        if (!size)
            return forward(size);
        if (*size != file.size)
            return fail(ErrorCode::Corrupt, QStringLiteral("A stored file does not have its length"));
        return opened;
    });
}

Result<XorbCache::Xorb> StoreContext::openXorb(const StoredFile& file)
{
    return xorbs.get(file.id, [&]() -> Result<StoredXorb> {
        const auto opened = openFile(file);
        if (!opened)
            return forward(opened);
        auto index = readXorbIndex((*opened)->get(), file.size);
        if (!index)
            return forward(index);
        return StoredXorb{file, std::move(*index)};
    });
}

Result<std::vector<Extent>> StoreContext::extentsOf(const std::vector<StoredTerm>& terms)
{
    std::vector<Extent> extents;
    qint64 lastXorb = 0;
    for (const StoredTerm& term : terms) {
        if (term.xorb.id == lastXorb && extents.back().offset + extents.back().length == term.rawStart) {
            extents.back().length += term.rawBytes;
            continue;
        }
        auto file = openFile(term.xorb);
        if (!file)
            return forward(file);
        extents.push_back({std::move(*file), term.rawStart, term.rawBytes});
        lastXorb = term.xorb.id;
    }
    return extents;
}

Result<std::vector<Extent>> StoreContext::extentsOf(const ContentRow& row)
{
    if (row.isSegmented()) {
        const auto terms = database.read(
            [&](db::Transaction& transaction) { return queries::termsOf(transaction, row.xetFile); });
        if (!terms)
            return forward(terms);
        qint64 bytes = 0;
        for (const StoredTerm& term : *terms)
            bytes += term.rawBytes;
        if (bytes != row.size) // another snapshot than that of `row`: meanwhile it was converted or deleted
            return fail(ErrorCode::NotFound, QStringLiteral("The terms of a content are gone"));
        return extentsOf(*terms);
    }
    auto file = openFile(row.file);
    if (!file)
        return forward(file);
    std::vector<Extent> extents;
    if (row.size > 0)
        extents.push_back({std::move(*file), row.offset, row.size});
    return extents;
}

Result<void> StoreContext::verify(const ContentRow& row, const CancelToken& cancel, qint64* read)
{
    const auto extents = extentsOf(row);
    if (!extents)
        return forward(extents);
    Sha256Hasher hasher;
    for (const Extent& extent : *extents) {
        for (qint64 done = 0; done < extent.length; done += CancelEveryBytes) {
            if (cancel.isCancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("The verification was cancelled"));
            const qint64 length = std::min(CancelEveryBytes, extent.length - done);
            const auto hashed = readBlocks(extent.file->get(), extent.offset + done, length,
                                           [&](QByteArrayView block) { hasher.add(block); });
            if (!hashed)
                return hashed;
            if (read)
                *read += length;
        }
    }
    if (hasher.finish() != row.sha256)
        return fail(ErrorCode::DigestMismatch, QStringLiteral("Stored bytes do not match their digest"));
    return {};
}

Result<bool> StoreContext::isSound(const StoredFile& file) const
{
    const auto opened = folder->openFile(file);
    if (!opened)
        return forward(opened);
    const auto size = fileSize(opened->get());
    if (!size)
        return forward(size);
    if (*size != file.size)
        return false;
    if (file.kind == FileKind::Xorb) {
        const auto damaged = findDamagedChunks(opened->get(), *size, xorbHashOf(file.name));
        if (!damaged && damaged.error().code() != ErrorCode::Corrupt)
            return forward(damaged);
        return damaged && damaged->empty();
    }
    const auto digest = hashAt(opened->get(), 0, *size);
    if (!digest)
        return forward(digest);
    return *digest == file.name;
}

void StoreContext::forget(qint64 file)
{
    files.forget(file);
    xorbs.forget(file);
}

bool StoreContext::isIntact(const ContentRow& row)
{
    if (row.verifiedMs == 0) // damaged: what reads well now may not the next time
        return false;
    if (clock.nowMs() - row.verifiedMs < VerifiedForMs)
        return extentsOf(row).has_value();
    return verify(row).has_value();
}

Result<bool> StoreContext::removeFile(const StoredFile& file)
{
    if (filesKept > 0) { // a backup began before the row went, so it may need the file
        forget(file.id);
        return false;
    }
    auto removed = HUBLET_FAULT_POINT("store.before-removal")
                       ? Result<bool>(fail(ErrorCode::Io, QStringLiteral("Cannot remove a stored file")))
                       : folder->remove(file);
    forget(file.id);
    return removed;
}

Result<bool> StoreContext::removeUnrecorded(const StoredFile& file)
{
    DoomedSet doomed(leases);
    if (!doomed.add(file.name))
        return false;
    // An upload keeps its lease until its transaction is over: what has no row now will not get one.
    const auto recorded = database.read(
        [&](db::Transaction& transaction) { return queries::hasFile(transaction, file.kind, file.name); });
    if (!recorded)
        return forward(recorded);
    return *recorded ? Result<bool>(false) : removeFile(file);
}

} // namespace hublet::store
