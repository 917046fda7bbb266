// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/seal.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace hublet::service {

namespace {

constexpr qsizetype CodeBytes = 32;
constexpr qsizetype MaxTextLength = 1024; // far above what is sealed here

constexpr auto Base64Url = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

} // namespace

Seal::Seal(QByteArray key, QByteArray purpose) : m_key(std::move(key)), m_purpose(std::move(purpose))
{
    Q_ASSERT(!m_key.isEmpty());
}

QByteArray Seal::code(QByteArrayView bytes) const
{
    const QByteArray message = m_purpose + '\n' + bytes.toByteArray();
    QByteArray code(CodeBytes, Qt::Uninitialized);
    unsigned int length = 0;
    const auto* made = HMAC(EVP_sha256(), m_key.constData(), int(m_key.size()),
                            reinterpret_cast<const unsigned char*>(message.constData()),
                            size_t(message.size()), reinterpret_cast<unsigned char*>(code.data()), &length);
    Q_ASSERT(made != nullptr && length == CodeBytes);
    Q_UNUSED(made)
    return code;
}

QByteArray Seal::close(const QByteArray& bytes) const
{
    return (bytes + code(bytes)).toBase64(Base64Url);
}

std::optional<QByteArray> Seal::open(QByteArrayView text) const
{
    if (text.size() > MaxTextLength)
        return std::nullopt;
    const auto decoded = QByteArray::fromBase64Encoding(text.toByteArray(),
                                                        Base64Url | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.size() <= CodeBytes)
        return std::nullopt;
    QByteArray bytes = decoded.decoded.chopped(CodeBytes);
    const QByteArray given = decoded.decoded.last(CodeBytes);
    if (CRYPTO_memcmp(given.constData(), code(bytes).constData(), size_t(CodeBytes)) != 0)
        return std::nullopt;
    return bytes;
}

} // namespace hublet::service
