// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/hashname.h"

namespace hublet::api::cas {

Result<XetHash> hashNamed(QByteArrayView text)
{
    const auto hash = XetHash::fromText(text);
    if (!hash)
        return fail(ErrorCode::InvalidHash, QStringLiteral("A Xet hash has 64 hex digits"));
    return *hash;
}

Result<void> checkPrefix(QByteArrayView prefix)
{
    if (prefix != QByteArrayView("default") && prefix != QByteArrayView("default-merkledb"))
        return fail(ErrorCode::InvalidArgument, QStringLiteral("Unknown prefix"));
    return {};
}

} // namespace hublet::api::cas
