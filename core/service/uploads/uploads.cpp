// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/uploads.h"

#include "core/access/directory.h"
#include "core/access/policy.h"
#include "core/catalog/formats/gitignore.h"
#include "core/catalog/formats/uploadmoderule.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/claimwriter.h"
#include "core/service/context/datafolder.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/releaserule.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/xetswitch.h"
#include "core/service/uploads/catalogcommitsession.h"
#include "core/service/uploads/contentclaims.h"
#include "core/service/uploads/multipartassembly.h"
#include "core/service/uploads/quotaroom.h"
#include "core/service/uploads/storedobjectupload.h"
#include "core/service/uploads/ticketsigner.h"
#include "core/service/uploads/uploadtarget.h"
#include "core/store/contentstore.h"

#include <QHash>

#include <algorithm>

namespace hublet::service {

using access::Action;
using access::Permit;

namespace {

/// Between the answer "no need to upload" and the commit that relies on it, a claim must not run out.
constexpr qint64 ClaimMarginMs = 60 * 60 * 1000;

/// The tree that an upload starts from; nothing when the upload creates the ref.
struct BaseTree {
    const catalog::Catalog& catalog;
    const UploadTarget& target;

    /// `sent`: by the client in place of what the tree has.
    [[nodiscard]] Result<QByteArray> text(const char* name, const std::optional<QByteArray>& sent) const
    {
        if (sent)
            return sent->size() <= catalog::AddFile::TextLimit ? *sent : QByteArray();
        if (!target.ref)
            return QByteArray();
        const auto found = catalog.text(target.package->rowId, target.ref->commit, *RepoPath::parse(name));
        if (!found)
            return forward(found);
        return found->value_or(QByteArray());
    }

    [[nodiscard]] Result<QHash<QByteArray, QByteArray>> oids(const std::vector<PreuploadFile>& files) const
    {
        QHash<QByteArray, QByteArray> oids;
        if (!target.ref)
            return oids;
        std::vector<RepoPath> paths;
        paths.reserve(files.size());
        for (const PreuploadFile& file : files)
            paths.push_back(file.path);
        const auto entries = catalog.entries(target.package->rowId, target.ref->commit, paths);
        if (!entries)
            return forward(entries);
        for (const catalog::TreeEntry& entry : *entries) {
            if (entry.kind == catalog::TreeEntry::Kind::File)
                oids.insert(entry.path.bytes(), entry.etag());
        }
        return oids;
    }
};

TransferInfo transferInfo(const QString& principal, const QString& client, const RepositoryKey& repository)
{
    TransferInfo info;
    info.direction = TransferDirection::Upload;
    info.principal = principal;
    info.client = client;
    info.repository = repository.text();
    return info;
}

} // namespace

catalog::Claimant claimantOf(const UploadTicket& ticket)
{
    return {ticket.userId, ticket.repository.folded()};
}

struct Uploads::Private {
    ServiceContext& context;
    TicketSigner signer;

    /// Who the ticket was given to. Error: BadCredentials.
    [[nodiscard]] Result<access::Principal> holderOf(const UploadTicket& ticket) const;
    /// The name of who it was given to, if it still holds. Errors: BadCredentials, Forbidden.
    [[nodiscard]] Result<QString> uploaderOf(const UploadTicket& ticket) const;
};

Uploads::Uploads(ServiceContext& context)
    : d(new Private{context, TicketSigner(context.dataFolder.signingKey())})
{
}

Uploads::~Uploads() = default;

Result<std::vector<PreuploadDecision>> Uploads::preupload(const Permit& permit, const PackageId& id,
                                                          const QString& revision,
                                                          const PreuploadRequest& request)
{
    Q_ASSERT(covers(permit, Action::Write, id));
    const auto target = findUploadTarget(d->context, permit, id, revision, request.createPullRequest);
    if (!target)
        return forward(target);
    if (target->ref && !request.createPullRequest) {
        if (const auto free = checkMayDeploy(d->context, permit, *target->package, *target->ref); !free)
            return forward(free);
    }
    const BaseTree base{d->context.catalog, *target};
    const auto attributes = base.text(".gitattributes", request.gitAttributes);
    if (!attributes)
        return forward(attributes);
    const auto ignore = base.text(".gitignore", request.gitIgnore);
    if (!ignore)
        return forward(ignore);
    const auto oids = base.oids(request.files);
    if (!oids)
        return forward(oids);

    const catalog::UploadModeRule rule(catalog::GitAttributes::parse(*attributes));
    const catalog::GitIgnore ignored = catalog::GitIgnore::parse(*ignore);
    // Such a client would send LFS files to a CAS; inline they arrive all the same and become LFS here
    // (DECISIONS 5).
    const auto room = QuotaRoom::of(d->context, target->repository);
    if (!room)
        return forward(room);
    catalog::MatchBudget budget;
    const bool everythingInline = request.clientInsistsOnXet && !servesXet(target->repository);
    std::vector<PreuploadDecision> decisions;
    decisions.reserve(request.files.size());
    for (const PreuploadFile& file : request.files) {
        const bool isIgnored = ignored.ignores(file.path, budget);
        if (!isIgnored && !oids->contains(file.path.bytes())) {
            if (const auto fits = room->check(file.size); !fits)
                return forward(fits);
        }
        const bool lfs =
            !everythingInline && file.size > 0 && rule.isLfs(file.path, file.size, file.sample, budget);
        if (budget.isSpent()) {
            return fail(ErrorCode::TooLarge,
                        QStringLiteral(
                            "The patterns in .gitattributes and .gitignore take too long to compare with so "
                            "many paths: use simpler ones, or ask about fewer files at once"));
        }
        decisions.push_back({file.path, lfs ? UploadMode::Lfs : UploadMode::Regular, isIgnored,
                             oids->value(file.path.bytes())});
    }
    return decisions;
}

Result<bool> Uploads::alreadyUploaded(const Permit& permit, const Sha256& content, qint64 size)
{
    const auto stored = d->context.store.soundSize(content);
    if (!stored)
        return forward(stored);
    if (*stored != size)
        return false;
    return mayName(d->context, permit.principal(), content, d->context.clock.nowMs() + ClaimMarginMs);
}

Result<QuotaRoom> Uploads::quotaRoom(const Permit& permit) const
{
    const auto repository = d->context.catalog.repository(permit.repository());
    if (!repository)
        return forward(repository);
    return QuotaRoom::of(d->context, *repository);
}

Result<void> Uploads::checkSpace(qint64 bytes) const
{
    return d->context.store.checkSpace(bytes);
}

QByteArray Uploads::sign(const UploadTicket& ticket) const
{
    return d->signer.sign(ticket);
}

Result<UploadTicket> Uploads::readTicket(QByteArrayView text) const
{
    return d->signer.read(text, d->context.clock.nowMs());
}

Result<access::Principal> Uploads::Private::holderOf(const UploadTicket& ticket) const
{
    if (ticket.tokenId != 0)
        return context.directory.principalOfToken(ticket.tokenId);
    access::Principal owner = access::Principal::owner();
    if (ticket.userId == owner.userId)
        return owner;
    for (const access::User& user : context.directory.users()) {
        if (user.id != ticket.userId)
            continue;
        access::Principal principal;
        principal.kind = access::Principal::Kind::User;
        principal.userId = user.id;
        principal.name = user.name;
        return principal;
    }
    return fail(ErrorCode::BadCredentials,
                QStringLiteral("The account that asked for this upload URL is gone"));
}

Result<QString> Uploads::Private::uploaderOf(const UploadTicket& ticket) const
{
    const auto holder = holderOf(ticket);
    if (!holder)
        return forward(holder);
    if (!context.policy.allows(*holder, Action::Write, ticket.repository, ticket.path)) {
        return fail(ErrorCode::Forbidden, QStringLiteral("'%1' may not write to %2 in %3 any more")
                                              .arg(holder->name, ticket.path, ticket.repository.text()));
    }
    return holder->name;
}

Result<std::unique_ptr<ObjectUpload>> Uploads::receive(const UploadTicket& ticket, qint64 length,
                                                       const QString& client)
{
    const auto uploader = d->uploaderOf(ticket);
    if (!uploader)
        return forward(uploader);
    const auto repository = d->context.catalog.repository(ticket.repository);
    if (!repository)
        return forward(repository);
    const qint64 expected = ticket.part == 0 ? ticket.size : MultipartAssembly(ticket).sizeOf(ticket.part);
    if (expected < 0)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("This upload has no part %1").arg(ticket.part));
    if (length >= 0 && length != expected) {
        return fail(
            ErrorCode::LengthMismatch,
            QStringLiteral("The upload was announced with %1 bytes, not %2").arg(expected).arg(length));
    }
    const auto room = QuotaRoom::of(d->context, *repository);
    if (!room)
        return forward(room);
    if (const auto fits = room->check(ticket.size); !fits)
        return forward(fits);

    TransferInfo info = transferInfo(*uploader, client, repository->key);
    info.file = QStringLiteral("LFS file ") + QString::fromLatin1(ticket.content.toHex().left(8));
    info.total = expected;
    auto upload = std::make_unique<StoredObjectUpload>(
        d->context,
        StoredObjectUpload::What{claimantOf(ticket), expected,
                                 ticket.part == 0 ? std::optional(ticket.content) : std::nullopt,
                                 // Parts are only put together and go.
                                 ticket.part == 0 ? storageForm(*repository) : store::StorageForm::Whole},
        d->context.transfers.start(std::move(info)));
    if (const auto begun = upload->begin(); !begun)
        return forward(begun);
    return upload;
}

Result<void> Uploads::complete(const UploadTicket& ticket, const std::vector<Part>& parts)
{
    if (const auto uploader = d->uploaderOf(ticket); !uploader)
        return forward(uploader);
    const auto stored = d->context.store.soundSize(ticket.content);
    if (!stored)
        return forward(stored);
    const auto done = uploadedBy(d->context, claimantOf(ticket), ticket.content);
    if (!done)
        return forward(done);
    if (*done && *stored == ticket.size)
        return d->context.claimWriter.renew(claimantOf(ticket), ticket.content);
    const auto repository = d->context.catalog.repository(ticket.repository);
    if (!repository)
        return forward(repository);
    return MultipartAssembly(ticket).assemble(d->context, parts, storageForm(*repository));
}

Result<void> Uploads::verifyObject(const Permit& permit, const Sha256& content, qint64 size)
{
    const auto stored = d->context.store.soundSize(content);
    if (!stored)
        return forward(stored);
    const auto allowed = mayName(d->context, permit.principal(), content, d->context.clock.nowMs());
    if (!allowed)
        return forward(allowed);
    if (!*allowed || !*stored)
        return fail(ErrorCode::ContentMissing, QStringLiteral("The object is not stored"));
    if (*stored != size)
        return fail(ErrorCode::LengthMismatch,
                    QStringLiteral("The object has %1 bytes, not %2").arg(**stored).arg(size));
    return {};
}

Result<std::unique_ptr<CommitSession>> Uploads::commit(const Permit& permit, const PackageId& id,
                                                       const QString& revision, const CommitOptions& options)
{
    Q_ASSERT(covers(permit, Action::Write, id));
    auto target = findUploadTarget(d->context, permit, id, revision, options.createPullRequest);
    if (!target)
        return forward(target);
    if (target->ref && !options.createPullRequest) {
        if (const auto free = checkMayDeploy(d->context, permit, *target->package, *target->ref); !free)
            return forward(free);
    }
    auto room = QuotaRoom::of(d->context, target->repository);
    if (!room)
        return forward(room);
    TransferInfo info = transferInfo(permit.principal().name, options.client, target->repository.key);
    info.package = (target->package ? target->package->id : id).artifactPath();
    info.revision = revision;
    info.total = options.totalBytes;
    return std::make_unique<CatalogCommitSession>(d->context, permit, id, std::move(*target), *room, options,
                                                  d->context.transfers.start(std::move(info)));
}

} // namespace hublet::service
