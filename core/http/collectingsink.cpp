// SPDX-License-Identifier: Apache-2.0
#include "core/http/collectingsink.h"

namespace hublet::http {

Result<void> CollectingSink::append(QByteArrayView bytes)
{
    if (bytes.size() > m_maxBytes - m_body.size())
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("The body may have at most %1 bytes.").arg(m_maxBytes));
    m_body.append(bytes);
    return {};
}

Response CollectingSink::finish()
{
    return m_work(std::move(m_body));
}

Response CollectingSink::failed(const Error& error)
{
    return Response::refusal(413, error.detail());
}

} // namespace hublet::http
