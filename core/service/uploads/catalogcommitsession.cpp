// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/catalogcommitsession.h"

#include "core/base/hexdigit.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/commitwriter.h"
#include "core/service/context/eventbus.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/releaserule.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/storestate.h"
#include "core/service/context/xetswitch.h"
#include "core/service/uploads/contentclaims.h"
#include "core/store/contentstore.h"
#include "core/store/xetstore.h"

#include <algorithm>

namespace hublet::service {

namespace {

constexpr qsizetype MinParentDigits = 5; ///< shortest abbreviation that clients may send
constexpr qsizetype MaxParentDigits = 2 * GitOid::Size;

bool isCommitPrefix(const QByteArray& text)
{
    return text.size() >= MinParentDigits && text.size() <= MaxParentDigits &&
           std::all_of(text.begin(), text.end(), [](char c) { return hexDigitValue(c) >= 0; });
}

} // namespace

CatalogCommitSession::CatalogCommitSession(const ServiceContext& context, access::Permit permit,
                                           const PackageId& id, UploadTarget target, QuotaRoom room,
                                           const CommitOptions& options,
                                           std::shared_ptr<TransferHandle> transfer)
    : m_context(context), m_permit(std::move(permit)), m_target(std::move(target)), m_room(room),
      m_transfer(std::move(transfer)), m_writer(context.store.writer(storageForm(m_target.repository))),
      m_mayRemove(checkMayDelete(context.policy, m_permit, id, QStringLiteral("Deleting or renaming files")))
{
    m_request.author = signatureOf(m_permit.principal());
    if (m_target.package)
        m_request.package = m_target.package->rowId;
    else
        m_request.newPackage = catalog::NewPackage{m_target.repository.id, id, false, m_request.author};
    m_request.ref = m_target.fullRefName;
    m_request.createRef = !m_target.ref.has_value();
    m_request.createPullRequest = options.createPullRequest;
    m_request.mayOverwriteRelease = m_mayRemove.has_value();
}

CatalogCommitSession::~CatalogCommitSession()
{
    if (!m_finished)
        m_transfer->fail(QStringLiteral("The client ended the upload early"));
}

Result<void> CatalogCommitSession::header(const Header& header)
{
    if (!header.parentCommit.isEmpty() && !isCommitPrefix(header.parentCommit))
        return fail(ErrorCode::InvalidHash, QStringLiteral("parentCommit is not a commit id"));
    m_request.title = header.title;
    m_request.description = header.description;
    m_request.parentCommit = header.parentCommit.toLower();
    return {};
}

Result<void> CatalogCommitSession::beginFile()
{
    m_text.clear();
    return m_writer.begin();
}

Result<void> CatalogCommitSession::append(QByteArrayView bytes)
{
    if (const auto fits = countBytes(bytes.size()); !fits)
        return forward(fits);
    const qsizetype kept = std::min(bytes.size(), catalog::AddFile::TextLimit + 1 - m_text.size());
    m_text.append(bytes.first(kept));
    if (const auto appended = m_writer.append(bytes); !appended)
        return forward(appended);
    m_transfer->add(bytes.size());
    return {};
}

Result<void> CatalogCommitSession::endFile(const RepoPath& path, const std::optional<RepoPath>& oldPath)
{
    auto content = m_writer.end();
    if (!content)
        return forward(content);
    m_staged = true;
    if (oldPath) {
        if (const auto renamed = rename(*oldPath, path); !renamed)
            return forward(renamed);
    }
    catalog::AddFile file{path, std::move(*content), catalog::StoreAs::Auto, {}};
    if (catalog::AddFile::keepsText(path) && m_text.size() <= catalog::AddFile::TextLimit)
        file.text = std::move(m_text);
    m_text.clear();
    return add(std::move(file));
}

Result<void> CatalogCommitSession::lfsFile(const RepoPath& path, const Sha256& content,
                                           std::optional<qint64> size, const std::optional<RepoPath>& oldPath)
{
    const auto allowed = mayName(m_context, m_permit.principal(), content, m_context.clock.nowMs());
    if (!allowed)
        return forward(allowed);
    const auto stored = m_context.store.soundSize(content);
    if (!stored)
        return forward(stored);
    if (!*allowed || !*stored) {
        return fail(ErrorCode::ContentMissing,
                    QStringLiteral("LFS object %1 not found").arg(QString::fromLatin1(content.toHex())));
    }
    if (const auto fits = countBytes(**stored); !fits)
        return forward(fits);
    if (servesXet(m_target.repository) && !m_namesOtherForm) {
        const auto file = m_context.store.xet().fileOf(content);
        if (!file)
            return forward(file);
        m_namesOtherForm = !*file;
    }
    if (oldPath) {
        if (const auto renamed = rename(*oldPath, path); !renamed)
            return forward(renamed);
    }
    return add(catalog::AddFile{path, {content, GitOid(), size.value_or(-1)}, catalog::StoreAs::Lfs, {}});
}

Result<void> CatalogCommitSession::rename(const RepoPath& oldPath, const RepoPath& path)
{
    return oldPath == path ? Result<void>() : addRemoval(catalog::RenamePath{oldPath, path});
}

Result<void> CatalogCommitSession::deletePath(const RepoPath& path)
{
    return addRemoval(catalog::DeletePath{path});
}

Result<void> CatalogCommitSession::deleteFolder(const RepoPath& path)
{
    return addRemoval(catalog::DeleteFolder{path});
}

Result<void> CatalogCommitSession::copy(const RepoPath& source, const QString& sourceRevision,
                                        const RepoPath& path)
{
    std::optional<GitOid> commit;
    if (!sourceRevision.isEmpty()) {
        if (!m_target.package)
            return fail(ErrorCode::RevisionNotFound,
                        QStringLiteral("Invalid rev id: %1").arg(sourceRevision));
        const auto revision = m_context.catalog.resolve(m_target.package->rowId, sourceRevision);
        if (!revision)
            return forward(revision);
        commit = revision->commit.oid;
    }
    return add(catalog::CopyPath{source, commit, path});
}

Result<CommitOutcome> CatalogCommitSession::finish(const Sha256& requestDigest)
{
    m_finished = true;
    m_request.requestDigest = requestDigest;
    if (const auto looked = lookAtRelease(); !looked) {
        m_transfer->fail(looked.error().detail());
        return forward(looked);
    }
    auto result = m_context.commitWriter.commit(m_request, m_staged ? &m_writer : nullptr,
                                                storageForm(m_target.repository));
    if (!result) {
        m_transfer->fail(result.error().detail());
        reportStoreState(m_context);
        return forward(result);
    }
    if (!result->replayed)
        postEvents(*result);
    return CommitOutcome{std::move(result->commit), result->pullRequest};
}

Result<void> CatalogCommitSession::lookAtRelease()
{
    if (m_request.mayOverwriteRelease || !m_target.package)
        return {};
    const auto ref = m_context.catalog.ref(m_target.package->rowId, m_target.fullRefName);
    if (!ref)
        return forward(ref);
    if (!*ref)
        return {};
    const auto may = mayDeploy(m_context, m_permit, *m_target.package, **ref);
    if (!may)
        return forward(may);
    m_request.mayOverwriteRelease = *may;
    return {};
}

Result<void> CatalogCommitSession::add(catalog::Operation operation)
{
    if (m_request.operations.size() >= MaxOperations)
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("A commit may not have more than %1 operations").arg(MaxOperations));
    m_request.operations.push_back(std::move(operation));
    return {};
}

Result<void> CatalogCommitSession::addRemoval(catalog::Operation operation)
{
    return m_mayRemove ? add(std::move(operation)) : m_mayRemove;
}

Result<void> CatalogCommitSession::countBytes(qint64 bytes)
{
    m_bytes += bytes;
    return m_room.check(m_bytes);
}

void CatalogCommitSession::postEvents(const catalog::CommitResult& result) const
{
    EventBus& events = m_context.events;
    const QString repository = m_target.repository.key.text();
    const PackageId& id = result.package.id;
    if (result.packageCreated)
        emit events.packageAdded(repository, id.type(), id.id());
    emit events.refChanged(repository, id.type(), id.id(), result.ref.name);
    emit events.packageChanged(repository, id.type(), id.id());
    if (result.pullRequest)
        emit events.discussionChanged(repository, id.type(), id.id(), *result.pullRequest);
    if (m_namesOtherForm)
        emit events.otherFormCommitted(repository);
}

} // namespace hublet::service
