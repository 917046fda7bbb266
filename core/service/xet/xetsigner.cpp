// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/xetsigner.h"

#include <QDataStream>
#include <QIODevice>
#include <QList>

namespace hublet::service {

namespace {

constexpr char TokenPurpose[] = "hublet xet token 1";
constexpr char FetchPurpose[] = "hublet xet fetch 2";
constexpr QByteArrayView TokenPrefix = "xet_"; ///< tells people and scanners of secrets what it is

/// Only for bytes whose seal was right.
Result<XetToken> decodeToken(const QByteArray& bytes)
{
    bool write = false;
    QByteArray store;
    QByteArray repository;
    bool dataset = false;
    QByteArray package;
    qint64 tokenId = 0;
    qint64 expiresMs = 0;
    QDataStream stream(bytes);
    stream.setVersion(QDataStream::Qt_6_4);
    stream >> write >> store >> repository >> dataset >> package >> tokenId >> expiresMs;
    auto key = RepositoryKey::parse(QString::fromUtf8(repository));
    auto id =
        PackageId::parse(dataset ? PackageType::Dataset : PackageType::Model, QString::fromUtf8(package));
    if (stream.status() != QDataStream::Ok || !key || !id)
        return fail(ErrorCode::BadCredentials, QStringLiteral("This Xet token is not valid"));
    return XetToken{
        write ? XetScope::Write : XetScope::Read, store, std::move(*key), std::move(*id), tokenId, expiresMs};
}

/// Only for bytes whose seal was right.
Result<XetFetch> decodeFetch(const QByteArray& bytes)
{
    QByteArray xorb;
    ByteRange range;
    QByteArray repository;
    QByteArray path;
    QList<qint64> packages;
    qint64 tokenId = 0;
    qint64 expiresMs = 0;
    QDataStream stream(bytes);
    stream.setVersion(QDataStream::Qt_6_4);
    stream >> xorb >> range.first >> range.last >> repository >> path >> packages >> tokenId >> expiresMs;
    const auto hash = XetHash::fromBytes(xorb);
    auto key = RepositoryKey::parse(QString::fromUtf8(repository));
    if (stream.status() != QDataStream::Ok || !hash || !key)
        return fail(ErrorCode::Forbidden, QStringLiteral("This URL is not valid"));
    return XetFetch{
        *hash,   range,    std::move(*key), QString::fromUtf8(path), {packages.begin(), packages.end()},
        tokenId, expiresMs};
}

} // namespace

XetSigner::XetSigner(const QByteArray& key) : m_tokens(key, TokenPurpose), m_fetches(key, FetchPurpose) {}

QByteArray XetSigner::sign(const XetToken& token) const
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_6_4);
    stream << (token.scope == XetScope::Write) << token.store << token.repository.text().toUtf8()
           << (token.package.type() == PackageType::Dataset) << token.package.id().toUtf8() << token.tokenId
           << token.expiresMs;
    return TokenPrefix.toByteArray() + m_tokens.close(bytes);
}

Result<XetToken> XetSigner::readToken(QByteArrayView text, qint64 nowMs) const
{
    const auto bytes =
        text.startsWith(TokenPrefix) ? m_tokens.open(text.sliced(TokenPrefix.size())) : std::nullopt;
    if (!bytes)
        return fail(ErrorCode::BadCredentials, QStringLiteral("This Xet token is not valid"));
    auto token = decodeToken(*bytes);
    if (token && token->expiresMs <= nowMs)
        return fail(ErrorCode::BadCredentials, QStringLiteral("This Xet token has expired"));
    return token;
}

QByteArray XetSigner::sign(const XetFetch& fetch) const
{
    QByteArray bytes;
    QDataStream stream(&bytes, QIODevice::WriteOnly);
    stream.setVersion(QDataStream::Qt_6_4);
    stream << fetch.xorb.toBytes() << fetch.bytes.first << fetch.bytes.last
           << fetch.repository.text().toUtf8() << fetch.path.toUtf8()
           << QList<qint64>(fetch.packages.begin(), fetch.packages.end()) << fetch.tokenId << fetch.expiresMs;
    return m_fetches.close(bytes);
}

Result<XetFetch> XetSigner::readFetch(QByteArrayView text, qint64 nowMs) const
{
    const auto bytes = m_fetches.open(text);
    if (!bytes)
        return fail(ErrorCode::Forbidden, QStringLiteral("This URL is not valid"));
    auto fetch = decodeFetch(*bytes);
    if (fetch && fetch->expiresMs <= nowMs)
        return fail(ErrorCode::Forbidden, QStringLiteral("This URL has expired"));
    return fetch;
}

} // namespace hublet::service
