// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/blobheaders.h"

namespace hublet::api {

void setBlobHeaders(http::Response& response)
{
    response.setHeader(QByteArrayLiteral("X-Content-Type-Options"), QByteArrayLiteral("nosniff"));
    response.setHeader(QByteArrayLiteral("Content-Security-Policy"),
                       QByteArrayLiteral("sandbox; default-src 'none'"));
    response.setHeader(QByteArrayLiteral("Cross-Origin-Resource-Policy"), QByteArrayLiteral("same-origin"));
}

} // namespace hublet::api
