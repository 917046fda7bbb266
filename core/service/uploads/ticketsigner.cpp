// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/ticketsigner.h"

#include <QDataStream>
#include <QIODevice>

namespace hublet::service {

namespace {

constexpr char Purpose[] = "hublet upload ticket 2";

QByteArray encode(const UploadTicket& ticket)
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_6_4);
    stream << ticket.content.toBytes() << ticket.size << ticket.userId << ticket.tokenId << ticket.part
           << ticket.partSize << ticket.expiresMs << ticket.repository.text().toUtf8()
           << ticket.path.toUtf8();
    return bytes;
}

/// Only for bytes whose code was right.
Result<UploadTicket> decode(const QByteArray& bytes)
{
    QByteArray content;
    QByteArray repository;
    QByteArray path;
    qint64 size = 0;
    qint64 userId = 0;
    qint64 tokenId = 0;
    qint32 part = 0;
    qint64 partSize = 0;
    qint64 expiresMs = 0;
    QDataStream stream(bytes);
    stream.setVersion(QDataStream::Qt_6_4);
    stream >> content >> size >> userId >> tokenId >> part >> partSize >> expiresMs >> repository >> path;
    const auto sha256 = Sha256::fromBytes(content);
    auto key = RepositoryKey::parse(QString::fromUtf8(repository));
    if (stream.status() != QDataStream::Ok || !sha256 || !key)
        return fail(ErrorCode::Forbidden, QStringLiteral("This upload URL is not valid"));
    return UploadTicket{*sha256,  size,      userId,  std::move(*key),        part,
                        partSize, expiresMs, tokenId, QString::fromUtf8(path)};
}

} // namespace

TicketSigner::TicketSigner(QByteArray key) : m_seal(std::move(key), Purpose) {}

QByteArray TicketSigner::sign(const UploadTicket& ticket) const
{
    return m_seal.close(encode(ticket));
}

Result<UploadTicket> TicketSigner::read(QByteArrayView text, qint64 nowMs) const
{
    const auto bytes = m_seal.open(text);
    if (!bytes)
        return fail(ErrorCode::Forbidden, QStringLiteral("This upload URL is not valid"));
    auto ticket = decode(*bytes);
    if (ticket && ticket->expiresMs <= nowMs)
        return fail(ErrorCode::Forbidden, QStringLiteral("This upload URL has expired"));
    return ticket;
}

} // namespace hublet::service
