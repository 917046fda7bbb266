// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/xetaccess.h"

#include "core/access/directory.h"
#include "core/access/policy.h"
#include "core/catalog/reading/catalog.h"
#include "core/service/context/datafolder.h"
#include "core/service/context/packageaccess.h"
#include "core/service/context/releaserule.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/settings.h"
#include "core/service/context/xetswitch.h"
#include "core/service/uploads/uploadtarget.h"
#include "core/store/contentstore.h"

#include <QUuid>

#include <algorithm>

namespace hublet::service {

using access::Action;
using access::Permit;

namespace {

constexpr qint64 SecondMs = 1000;
/// A token is accepted longer than its holder is told, by this part of its life: clients take a refusal in
/// mid-transfer as final (xet.md 6.11).
constexpr qint64 GracePart = 12;

constexpr qsizetype UuidLength = 36;

Result<void> checkServesXet(const catalog::Repository& repository)
{
    if (servesXet(repository))
        return {};
    return fail(ErrorCode::Conflict,
                QStringLiteral("Repository '%1' does not use Xet").arg(repository.key.text()));
}

tl::unexpected<Error> fetchRevoked()
{
    return fail(ErrorCode::Forbidden, QStringLiteral("This URL is not valid any more"));
}

tl::unexpected<Error> lostRight(const Error& error)
{
    return error.code() == ErrorCode::Unauthenticated
               ? fail(ErrorCode::BadCredentials, QStringLiteral("This Xet token is not valid any more"))
               : fail(ErrorCode::Forbidden, error.detail());
}

} // namespace

XetAccess::XetAccess(ServiceContext& context)
    : m_context(context), m_signer(context.dataFolder.signingKey()), m_packages(context.catalog)
{
}

QByteArray XetAccess::storeName() const
{
    const store::StoreIdentity identity = m_context.store.identity();
    return identity.uuid + '-' + QByteArray::number(identity.epoch);
}

bool XetAccess::isStoreName(QByteArrayView text)
{
    if (text.size() <= UuidLength + 1 || text[UuidLength] != '-' ||
        QUuid::fromString(QLatin1StringView(text.first(UuidLength))).isNull())
        return false;
    const QByteArrayView epoch = text.sliced(UuidLength + 1);
    return std::all_of(epoch.begin(), epoch.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Result<access::Principal> XetAccess::holder(qint64 tokenId, bool isOnThisMachine) const
{
    if (tokenId != 0)
        return m_context.directory.principalOfToken(tokenId);
    return access::Principal::anonymous(isOnThisMachine);
}

Result<XetGrant> XetAccess::grantRead(const Permit& permit, const PackageId& id,
                                      const QString& revision) const
{
    Q_ASSERT(covers(permit, Action::Read, id));
    const auto located = locate(m_context.catalog, permit, id);
    if (!located)
        return forward(located);
    if (const auto served = checkServesXet(located->repository); !served)
        return forward(served);
    if (const auto enabled = checkEnabled(located->package); !enabled)
        return forward(enabled);
    if (const auto open = checkGate(m_context.policy, permit.principal(), located->package); !open)
        return forward(open);
    if (const auto found = m_context.catalog.resolve(located->package.rowId, revision); !found)
        return forward(found);
    return grant(permit, id);
}

Result<XetGrant> XetAccess::grantWrite(const Permit& permit, const PackageId& id, const QString& revision,
                                       bool createPullRequest) const
{
    Q_ASSERT(covers(permit, Action::Write, id));
    const auto target = findUploadTarget(m_context, permit, id, revision, createPullRequest);
    if (!target)
        return forward(target);
    if (const auto served = checkServesXet(target->repository); !served)
        return forward(served);
    if (target->ref && !createPullRequest) {
        if (const auto free = checkMayDeploy(m_context, permit, *target->package, *target->ref); !free)
            return forward(free);
    }
    return grant(permit, id);
}

XetGrant XetAccess::grant(const Permit& permit, const PackageId& id) const
{
    const qint64 now = m_context.clock.nowMs();
    const qint64 life = m_context.settings.values().xetTokenSeconds * SecondMs;
    const XetToken token{permit.action() == Action::Write ? XetScope::Write : XetScope::Read,
                         storeName(),
                         permit.repository(),
                         id,
                         permit.principal().tokenId,
                         now + life + life / GracePart};
    return {m_signer.sign(token), (now + life) / SecondMs};
}

Result<Permit> XetAccess::admit(QByteArrayView text, XetScope scope, bool isOnThisMachine) const
{
    if (text.isEmpty())
        return fail(ErrorCode::Unauthenticated, QStringLiteral("A Xet token is needed"));
    const auto token = m_signer.readToken(text, m_context.clock.nowMs());
    if (!token)
        return forward(token);
    if (token->store != storeName())
        return fail(ErrorCode::BadCredentials, QStringLiteral("This Xet token is for another store"));
    if (scope == XetScope::Write && token->scope == XetScope::Read)
        return fail(ErrorCode::Forbidden, QStringLiteral("This Xet token is for reading only"));
    const auto principal = holder(token->tokenId, isOnThisMachine);
    if (!principal)
        return forward(principal);
    const Action action = token->scope == XetScope::Write ? Action::Write : Action::Read;
    auto permit =
        m_context.policy.check(*principal, action, token->repository, token->package.artifactPath());
    return permit ? std::move(permit) : lostRight(permit.error());
}

Result<XetFetch> XetAccess::admitFetch(QByteArrayView ticket, bool isOnThisMachine) const
{
    auto fetch = m_signer.readFetch(ticket, m_context.clock.nowMs());
    if (!fetch)
        return fetch;
    const auto principal = holder(fetch->tokenId, isOnThisMachine);
    // A write token opens what a read token does.
    const auto may = [&](Action action) {
        return m_context.policy.allows(*principal, action, fetch->repository, fetch->path);
    };
    if (!principal || !(may(Action::Read) || may(Action::Write)))
        return fetchRevoked();
    return fetch;
}

Result<void> XetAccess::checkPackages(const XetFetch& fetch, bool isOnThisMachine) const
{
    const auto principal = holder(fetch.tokenId, isOnThisMachine);
    if (!principal)
        return fetchRevoked();
    for (const qint64 row : fetch.packages) {
        const auto package = m_packages.find(row);
        if (!package && package.error().code() != ErrorCode::PackageNotFound)
            return forward(package);
        if (!package || !mayReadFiles(m_context.policy, *principal, **package))
            return fetchRevoked();
    }
    return {};
}

QByteArray XetAccess::signFetch(const Permit& permit, const std::vector<qint64>& packages,
                                const XetHash& xorb, const ByteRange& bytes) const
{
    const qint64 life = m_context.settings.values().xetUrlSeconds * SecondMs;
    return m_signer.sign(XetFetch{xorb, bytes, permit.repository(), permit.path(), packages,
                                  permit.principal().tokenId, m_context.clock.nowMs() + life});
}

} // namespace hublet::service
