// SPDX-License-Identifier: Apache-2.0
#include "casfixture.h"

#include <QUrl>

namespace hublet::api::cas {

CasFixture::CasFixture()
{
    createPackage(PackageType::Model, QStringLiteral("acme/bert"));
}

QJsonObject CasFixture::grant(const QByteArray& kind, const QByteArray& headers)
{
    return objectOf(get("/api/models/acme/bert/xet-" + kind + "-token/main", headers));
}

QByteArray CasFixture::tokenOf(const QByteArray& kind, const QByteArray& headers)
{
    return bearer(grant(kind, headers).value(u"accessToken").toString().toLatin1());
}

QByteArray CasFixture::base()
{
    return "/cas/" + services().xetAccess().storeName();
}

http::RawResponse CasFixture::cas(const QByteArray& method, const QByteArray& path, const QByteArray& headers,
                                  const QByteArray& body)
{
    http::RawClient connection = client();
    const bool hasBody = method == "POST" || method == "PUT";
    connection.send(method + ' ' + base() + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
                    (hasBody ? "Content-Length: " + QByteArray::number(body.size()) + "\r\n" : QByteArray()) +
                    "\r\n" + body);
    return connection.read(method == "HEAD");
}

http::RawResponse CasFixture::postXorb(const XetContent& content, const QByteArray& body)
{
    return cas("POST", "/v1/xorbs/default/" + content.xorb.toText(), token("write"), body);
}

http::RawResponse CasFixture::postShard(const QByteArray& shard)
{
    return cas("POST", "/v1/shards", token("write"), shard);
}

void CasFixture::upload(const XetContent& content)
{
    const http::RawResponse xorb = postXorb(content, content.xorbBody());
    const http::RawResponse shard = postShard(content.shard());
    if (xorb.status != 200 || shard.status != 200)
        qFatal("an upload was refused: %s %s", xorb.body.constData(), shard.body.constData());
}

http::RawResponse CasFixture::commit(const XetContent& content, const QByteArray& path)
{
    const QByteArray body = R"({"key":"header","value":{"summary":"add"}})"
                            "\n"
                            R"({"key":"lfsFile","value":{"path":")" +
                            path + R"(","algo":"sha256","oid":")" + content.sha256Hex() + R"(","size":)" +
                            QByteArray::number(content.bytes.size()) + "}}\n";
    return send("POST", "/api/models/acme/bert/commit/main", admin(), body, "application/x-ndjson");
}

} // namespace hublet::api::cas
