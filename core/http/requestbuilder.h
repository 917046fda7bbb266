// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/request.h"
#include "core/http/requestcheck.h"

#include <optional>

namespace hublet::http {

/// Turns the head of a request into a Request, running every check of requestcheck.h in their order.
class RequestBuilder {
public:
    struct Context {
        const RequestPolicy& policy;
        QByteArray peerAddress; ///< numeric, of the other end of the connection
        QByteArray requestId;
        QByteArray ownAddress = {}; ///< this end of the connection, as it stands in a URL, without a port
    };

    /// Fills `request` (which must be new) with copies of what `head` views. On a refusal it stays half
    /// filled, good for nothing but its requestId(). `origin` tells whether CORS headers belong on the
    /// answer.
    [[nodiscard]] static std::optional<Refusal> build(RequestHead head, const Context& context,
                                                      Request& request, OriginVerdict& origin);

private:
    static void keepCopies(RequestHead& head, Request& request);
    static std::optional<Refusal> resolveAddresses(const KnownHeaders& known, const Context& context,
                                                   Request& request);
};

} // namespace hublet::http
