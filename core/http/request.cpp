// SPDX-License-Identifier: Apache-2.0
#include "core/http/request.h"

namespace hublet::http {

QByteArrayView Request::header(QByteArrayView name) const
{
    for (const Header& header : m_headers) {
        if (header.name.size() == name.size() && header.name.compare(name, Qt::CaseInsensitive) == 0)
            return header.value;
    }
    return {};
}

QByteArray Request::baseUrl() const
{
    QByteArray url;
    url.reserve(m_scheme.size() + 3 + m_host.size());
    return url.append(m_scheme).append("://").append(m_host);
}

} // namespace hublet::http
