// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/service/uploads.h"

namespace hublet::service {

/// Turns upload tickets into text for a URL path segment and back: a fixed binary form and its HMAC-SHA256,
/// both base64url. The text outlives a restart, as the key does. Thread-safe.
class TicketSigner {
public:
    /// `key`: secret bytes, not empty.
    explicit TicketSigner(QByteArray key);

    [[nodiscard]] QByteArray sign(const UploadTicket& ticket) const;
    /// Errors: Forbidden, saying "not valid" (changed, cut, signed by another store) or "expired".
    [[nodiscard]] Result<UploadTicket> read(QByteArrayView text, qint64 nowMs) const;

private:
    [[nodiscard]] QByteArray code(QByteArrayView body) const;

    const QByteArray m_key;
};

} // namespace hublet::service
