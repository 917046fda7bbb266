// SPDX-License-Identifier: Apache-2.0
#include "core/access/parsedcredential.h"

#include "core/access/tokentext.h"

#include <sodium.h>

namespace hublet::access {

namespace {

bool isScheme(QByteArrayView text, QByteArrayView scheme)
{
    return text.size() == scheme.size() &&
           qstrnicmp(text.data(), scheme.data(), static_cast<size_t>(scheme.size())) == 0;
}

} // namespace

ParsedCredential::ParsedCredential(const Credentials& credentials)
{
    const QByteArrayView authorization = credentials.authorization.trimmed();
    if (!authorization.isEmpty()) {
        const qsizetype space = authorization.indexOf(' ');
        if (space < 0)
            return;
        const QByteArrayView scheme = authorization.first(space);
        const QByteArrayView value = authorization.sliced(space).trimmed();
        if (isScheme(scheme, "Bearer"))
            acceptToken(value);
        else if (isScheme(scheme, "Basic"))
            decodeBasic(value);
    } else if (!credentials.artApiKey.isEmpty()) {
        acceptToken(credentials.artApiKey.trimmed());
    } else if (credentials.authorization.isEmpty()) {
        kind = Kind::None;
    }
}

ParsedCredential::~ParsedCredential()
{
    if (!m_decoded.isEmpty())
        sodium_memzero(m_decoded.data(), static_cast<std::size_t>(m_decoded.size()));
}

void ParsedCredential::acceptToken(QByteArrayView text)
{
    if (!isTokenText(text))
        return;
    token = text;
    kind = Kind::Token;
}

void ParsedCredential::decodeBasic(QByteArrayView base64)
{
    const QByteArray encoded = QByteArray::fromRawData(base64.data(), base64.size());
    auto decoded = QByteArray::fromBase64Encoding(encoded, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded)
        return;
    m_decoded = std::move(decoded.decoded);
    const qsizetype colon = m_decoded.indexOf(':');
    if (colon < 0)
        return;
    user = QByteArrayView(m_decoded).first(colon);
    password = QByteArrayView(m_decoded).sliced(colon + 1);
    kind = Kind::Password;
    acceptToken(password);
}

} // namespace hublet::access
