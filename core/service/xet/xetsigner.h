// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byterange.h"
#include "core/base/names.h"
#include "core/base/xethash.h"
#include "core/service/context/seal.h"

#include <vector>

namespace hublet::service {

/// What a Xet token opens; Write includes Read.
enum class XetScope { Read, Write };

/// What a Xet token says: its holder acts on this package as the Hub token it was asked for with.
struct XetToken {
    XetScope scope = XetScope::Read;
    QByteArray store; ///< Xet::storeName(): of no use elsewhere, nor after a new epoch
    RepositoryKey repository;
    PackageId package;
    qint64 tokenId = 0; ///< revoking that Hub token revokes this one (DECISIONS 8). 0: anonymous
    qint64 expiresMs = 0;

    bool operator==(const XetToken&) const = default;
};

/// What a signed fetch URL allows: these bytes of the chunk records of this xorb, or a part of them, to who
/// may still read all that is named here.
struct XetFetch {
    XetHash xorb;
    ByteRange bytes;
    RepositoryKey repository;     ///< of the Xet token
    QString path;                 ///< artifact path of that token's package
    std::vector<qint64> packages; ///< rows of the packages whose files are to be put together from the bytes
    qint64 tokenId = 0;           ///< as in XetToken
    qint64 expiresMs = 0;

    bool operator==(const XetFetch&) const = default;
};

/// Turns these into sealed text and back. Thread-safe.
class XetSigner {
public:
    /// `key`: secret bytes, not empty.
    explicit XetSigner(const QByteArray& key);

    [[nodiscard]] QByteArray sign(const XetToken& token) const;
    /// Errors: BadCredentials.
    [[nodiscard]] Result<XetToken> readToken(QByteArrayView text, qint64 nowMs) const;

    [[nodiscard]] QByteArray sign(const XetFetch& fetch) const;
    /// Errors: Forbidden.
    [[nodiscard]] Result<XetFetch> readFetch(QByteArrayView text, qint64 nowMs) const;

private:
    const Seal m_tokens;
    const Seal m_fetches;
};

} // namespace hublet::service
