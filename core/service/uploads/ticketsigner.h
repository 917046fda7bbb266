// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/service/context/seal.h"
#include "core/service/uploads/uploads.h"

namespace hublet::service {

/// Turns upload tickets into text for a URL path segment and back: a fixed binary form, sealed.
/// Thread-safe.
class TicketSigner {
public:
    /// `key`: secret bytes, not empty.
    explicit TicketSigner(QByteArray key);

    [[nodiscard]] QByteArray sign(const UploadTicket& ticket) const;
    /// Errors: Forbidden, saying "not valid" (changed, cut, signed by another store) or "expired".
    [[nodiscard]] Result<UploadTicket> read(QByteArrayView text, qint64 nowMs) const;

private:
    const Seal m_seal;
};

} // namespace hublet::service
