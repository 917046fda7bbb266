// SPDX-License-Identifier: Apache-2.0
#include "core/service/ticketsigner.h"

#include <QDataStream>
#include <QIODevice>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace hublet::service {

namespace {

/// Keeps this use of the data folder's key apart from every other, and one form of ticket from the next.
constexpr char Purpose[] = "hublet upload ticket 1\n";
constexpr qsizetype CodeBytes = 32;
constexpr qsizetype MaxTextLength = 1024; // far above what sign() makes

constexpr auto Base64Url = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

QByteArray encode(const UploadTicket& ticket)
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_6_4);
    stream << ticket.content.toBytes() << ticket.size << ticket.userId << ticket.tokenId << ticket.part
           << ticket.partSize << ticket.expiresMs << ticket.repository.text().toUtf8();
    return bytes;
}

/// Only for bytes whose code was right.
Result<UploadTicket> decode(const QByteArray& bytes)
{
    QByteArray content;
    QByteArray repository;
    qint64 size = 0;
    qint64 userId = 0;
    qint64 tokenId = 0;
    qint32 part = 0;
    qint64 partSize = 0;
    qint64 expiresMs = 0;
    QDataStream stream(bytes);
    stream.setVersion(QDataStream::Qt_6_4);
    stream >> content >> size >> userId >> tokenId >> part >> partSize >> expiresMs >> repository;
    const auto sha256 = Sha256::fromBytes(content);
    auto key = RepositoryKey::parse(QString::fromUtf8(repository));
    if (stream.status() != QDataStream::Ok || !sha256 || !key)
        return fail(ErrorCode::Forbidden, QStringLiteral("This upload URL is not valid"));
    return UploadTicket{*sha256, size, userId, std::move(*key), part, partSize, expiresMs, tokenId};
}

} // namespace

TicketSigner::TicketSigner(QByteArray key) : m_key(std::move(key))
{
    Q_ASSERT(!m_key.isEmpty());
}

QByteArray TicketSigner::code(QByteArrayView body) const
{
    const QByteArray message = QByteArrayView(Purpose).toByteArray() + body.toByteArray();
    QByteArray code(CodeBytes, Qt::Uninitialized);
    unsigned int length = 0;
    const auto* made = HMAC(EVP_sha256(), m_key.constData(), int(m_key.size()),
                            reinterpret_cast<const unsigned char*>(message.constData()),
                            size_t(message.size()), reinterpret_cast<unsigned char*>(code.data()), &length);
    Q_ASSERT(made != nullptr && length == CodeBytes);
    Q_UNUSED(made)
    return code;
}

QByteArray TicketSigner::sign(const UploadTicket& ticket) const
{
    const QByteArray body = encode(ticket);
    return (body + code(body)).toBase64(Base64Url);
}

Result<UploadTicket> TicketSigner::read(QByteArrayView text, qint64 nowMs) const
{
    const auto notValid = [] {
        return fail(ErrorCode::Forbidden, QStringLiteral("This upload URL is not valid"));
    };
    if (text.size() > MaxTextLength)
        return notValid();
    const auto decoded = QByteArray::fromBase64Encoding(text.toByteArray(),
                                                        Base64Url | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.size() <= CodeBytes)
        return notValid();
    const QByteArray body = decoded.decoded.chopped(CodeBytes);
    const QByteArray given = decoded.decoded.last(CodeBytes);
    if (CRYPTO_memcmp(given.constData(), code(body).constData(), size_t(CodeBytes)) != 0)
        return notValid();
    auto ticket = decode(body);
    if (ticket && ticket->expiresMs <= nowMs)
        return fail(ErrorCode::Forbidden, QStringLiteral("This upload URL has expired"));
    return ticket;
}

} // namespace hublet::service
