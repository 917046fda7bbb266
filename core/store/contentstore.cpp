// SPDX-License-Identifier: Apache-2.0
#include "core/store/contentstore.h"

#include "core/base/hasher.h"
#include "core/store/context/storecontext.h"
#include "core/store/files/fileio.h"
#include "core/store/intake/contentconverter.h"
#include "core/store/upkeep/reconciler.h"
#include "core/store/upkeep/sweeper.h"
#include "core/store/upkeep/verifier.h"
#include "core/store/xetstore.h"

namespace hublet::store {

namespace {

constexpr int FilesPage = 1000;
/// Longer than the addresses live that a Xet download was given: 1 h, and 1 h for the download itself.
constexpr qint64 KeepHiddenMs = 2LL * 3600 * 1000;

} // namespace

ContentStore::ContentStore(std::unique_ptr<StoreContext> context)
    : m_context(std::move(context)), m_xet(std::make_unique<XetStore>(*m_context))
{
}
ContentStore::~ContentStore() = default;

Result<std::unique_ptr<ContentStore>> ContentStore::open(const StoreOptions& options, db::Database& database,
                                                         const Clock& clock)
{
    auto folder = StoreFolder::open(options.folder);
    if (!folder)
        return forward(folder);
    auto context = std::make_unique<StoreContext>(options, database, clock, std::move(*folder));
    const auto lost = reconcile(*context);
    if (!lost)
        return forward(lost);
    std::unique_ptr<ContentStore> store(new ContentStore(std::move(context)));
    store->m_lostAtStart = *lost;
    auto identity = StoreIdentity::load(database);
    if (!identity)
        return forward(identity);
    store->m_identity = std::move(*identity);
    return store;
}

Result<Content> ContentStore::open(const Sha256& sha256) const
{
    // The sweep may move or delete a content between the look at its row and the opening of its file: then
    // look again.
    constexpr int Attempts = 3;
    for (int attempt = 0; attempt < Attempts; ++attempt) {
        const auto row = m_context->find(sha256);
        if (!row)
            return forward(row);
        if (!*row)
            return fail(ErrorCode::ContentMissing, QStringLiteral("There is no such content"));
        if ((*row)->verifiedMs == 0)
            return fail(ErrorCode::Corrupt, QStringLiteral("The stored bytes of a content are damaged"));
        auto extents = m_context->extentsOf(**row);
        if (extents)
            return Content{sha256, (*row)->size, std::move(*extents)};
        if (extents.error().code() != ErrorCode::NotFound)
            return forward(extents);
    }
    return fail(ErrorCode::Corrupt, QStringLiteral("The bytes of a content are missing"));
}

Result<std::optional<qint64>> ContentStore::size(const Sha256& sha256) const
{
    const auto row = m_context->find(sha256);
    if (!row)
        return forward(row);
    return *row ? std::optional((*row)->size) : std::nullopt;
}

Result<std::optional<qint64>> ContentStore::soundSize(const Sha256& sha256) const
{
    const auto row = m_context->find(sha256);
    if (!row)
        return forward(row);
    return *row && (*row)->verifiedMs != 0 ? std::optional((*row)->size) : std::nullopt;
}

Result<void> ContentStore::checkSpace(qint64 bytes) const
{
    return m_context->checkSpace(bytes);
}

Result<QByteArray> ContentStore::readAll(const Sha256& sha256, qint64 limit) const
{
    const auto content = open(sha256);
    if (!content)
        return forward(content);
    if (content->size > limit)
        return fail(ErrorCode::TooLarge, QStringLiteral("The content is too large to be read whole"));
    QByteArray bytes;
    for (const Extent& extent : content->extents) {
        const auto part = readAt(extent.file->get(), extent.offset, extent.length);
        if (!part)
            return forward(part);
        bytes += *part;
    }
    if (Sha256Hasher::hash(bytes) != sha256)
        return fail(ErrorCode::Corrupt, QStringLiteral("Stored bytes do not match their digest"));
    return bytes;
}

ContentWriter ContentStore::writer(StorageForm form)
{
    return ContentWriter(*m_context, form, false);
}

Result<std::vector<DamagedContent>> ContentStore::verify(const ProgressFunction& progress,
                                                         const CancelToken& cancel, qint64 budgetBytes)
{
    const std::lock_guard turn(m_context->maintenance);
    return Verifier(*m_context, progress, cancel).run(budgetBytes);
}

Result<SweepReport> ContentStore::sweep(const LiveContents& live, bool dryRun,
                                        const ProgressFunction& progress, const CancelToken& cancel)
{
    const KeepTimes keep{m_context->options.keepUnreferencedMs,
                         std::max(m_context->options.keepUnreferencedMs, XetStore::KeepMs), KeepHiddenMs};
    const std::lock_guard turn(m_context->maintenance);
    return Sweeper(*m_context, live, keep, dryRun, progress, cancel).run();
}

Result<SweepReport> ContentStore::freeNow(const LiveContents& live, const ProgressFunction& progress,
                                          const CancelToken& cancel)
{
    if (const auto epoch = startNewEpoch(); !epoch)
        return forward(epoch);
    const std::lock_guard turn(m_context->maintenance);
    return Sweeper(*m_context, live, KeepTimes(), false, progress, cancel).run();
}

Result<ConversionReport> ContentStore::convert(const std::vector<Sha256>& contents, StorageForm form,
                                               const ProgressFunction& progress, const CancelToken& cancel)
{
    return ContentConverter(*m_context, form, progress, cancel).run(contents);
}

StoreIdentity ContentStore::identity() const
{
    const std::lock_guard lock(m_identityMutex);
    return m_identity;
}

Result<StoreIdentity> ContentStore::startNewEpoch()
{
    auto next = StoreIdentity::startEpoch(m_context->database);
    if (next) {
        const std::lock_guard lock(m_identityMutex);
        m_identity = *next;
    }
    return next;
}

Result<StoreSummary> ContentStore::summary() const
{
    const auto totals =
        m_context->database.read([](db::Transaction& transaction) { return queries::totals(transaction); });
    if (!totals)
        return forward(totals);
    const auto space = m_context->folder->space();
    if (!space)
        return forward(space);
    return StoreSummary{totals->contents, totals->logicalBytes,    totals->storedBytes,
                        space->free,      m_context->isReadOnly(), m_context->readOnlyReason(),
                        totals->damaged};
}

Result<void> ContentStore::forEachStoredFile(
    const db::Database& rows,
    const std::function<Result<void>(const StoredFile& file, const UniqueFd& opened)>& visit) const
{
    qint64 after = 0;
    while (true) {
        const auto files = rows.read(
            [&](db::Transaction& transaction) { return queries::filesAfter(transaction, after, FilesPage); });
        if (!files)
            return forward(files);
        if (files->empty())
            return {};
        for (const StoredFile& file : *files) {
            after = file.id;
            const auto opened =
                m_context->folder->openFile(file); // not from the cache: each is looked at once
            if (!opened && opened.error().code() == ErrorCode::NotFound)
                return fail(
                    ErrorCode::Corrupt,
                    QStringLiteral("The stored file '%1' is missing").arg(QString::fromLatin1(file.path())));
            if (!opened)
                return forward(opened);
            if (const auto visited = visit(file, *opened); !visited)
                return visited;
        }
    }
}

KeptFiles ContentStore::keepFiles()
{
    return KeptFiles(m_context->filesKept);
}

bool ContentStore::isReadOnly() const
{
    return m_context->isReadOnly();
}

} // namespace hublet::store
