// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/access/principal.h"
#include "core/base/result.h"
#include "core/base/xethash.h"
#include "core/service/context/packagestates.h"
#include "core/service/xet/xetsigner.h"

namespace hublet::service {

struct ServiceContext;

/// A Xet token as it is told to a client.
struct XetGrant {
    QByteArray token;
    qint64 expiresSeconds = 0; ///< Unix time
};

/// Lets Xet clients in (xet.md 6.1, 7): tokens for the CAS, and tickets in the URLs from which they fetch
/// chunks. Both carry the id of the Hub token they came from, and end with it, and open no more than that
/// token may read when they are used (DECISIONS 8). Thread-safe; grantRead() and grantWrite() read the
/// database, checkPackages() after a write to it, the others memory only.
class XetAccess {
public:
    explicit XetAccess(ServiceContext& context);

    /// "<uuid>-<epoch>" of the store: part of the CAS's address, so that a client which remembers what it
    /// sent forgets it with the store (xet.md 9.4).
    [[nodiscard]] QByteArray storeName() const;
    /// Could `text` be the storeName() of some store?
    [[nodiscard]] static bool isStoreName(QByteArrayView text);

    /// A token to read the files of a package. Permit: Read. Errors: PackageNotFound, RevisionNotFound,
    /// Gated, Blocked, Conflict (the repository does not serve Xet).
    [[nodiscard]] Result<XetGrant> grantRead(const access::Permit& permit, const PackageId& id,
                                             const QString& revision) const;
    /// A token to upload to a package, which may be one that the upload creates. Permit: Write. Errors: as
    /// Uploads::preupload; Conflict also when the repository does not serve Xet.
    [[nodiscard]] Result<XetGrant> grantWrite(const access::Permit& permit, const PackageId& id,
                                              const QString& revision, bool createPullRequest) const;
    /// The same for a caller whose right to the revision is checked later. The scope is the permit's.
    [[nodiscard]] XetGrant grant(const access::Permit& permit, const PackageId& id) const;

    /// What a Xet token allows now: Write for a write token, else Read, on its package. Errors:
    /// Unauthenticated (no token), BadCredentials (expired, revoked, of another store), Forbidden (the
    /// caller lost the right, or the token is for reading only). `isOnThisMachine`, here and below: as in
    /// access::Principal, of who uses the token or URL, whoever asked for it.
    [[nodiscard]] Result<access::Permit> admit(QByteArrayView token, XetScope scope,
                                               bool isOnThisMachine) const;
    /// Errors: Forbidden (also when the caller lost the right to the token's package).
    [[nodiscard]] Result<XetFetch> admitFetch(QByteArrayView ticket, bool isOnThisMachine) const;
    /// Are the packages of an admitted ticket still open to its caller: neither private, gated nor disabled
    /// meanwhile? Error: Forbidden.
    [[nodiscard]] Result<void> checkPackages(const XetFetch& fetch, bool isOnThisMachine) const;
    /// The ticket in a fetch URL for these bytes of the xorb's chunk records. `packages`: as Xet says.
    [[nodiscard]] QByteArray signFetch(const access::Permit& permit, const std::vector<qint64>& packages,
                                       const XetHash& xorb, const ByteRange& bytes) const;

private:
    /// Who acts with what came from this Hub token; 0: anonymous. Error: BadCredentials.
    [[nodiscard]] Result<access::Principal> holder(qint64 tokenId, bool isOnThisMachine) const;

    ServiceContext& m_context;
    const XetSigner m_signer;
    mutable PackageStates m_packages;
};

} // namespace hublet::service
