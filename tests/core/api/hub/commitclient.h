// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "hubfixture.h"
#include "quoted.h"

namespace hublet::api::test {

// Lines of a commit request.

inline const QByteArray Header = quoted("{'key':'header','value':{'summary':'a commit'}}\n");

inline QByteArray headerWithParent(const QByteArray& parent)
{
    return quoted("{'key':'header','value':{'summary':'s','parentCommit':'") + parent + "\"}}\n";
}
inline QByteArray fileLine(const QByteArray& path, const QByteArray& content)
{
    return quoted("{'key':'file','value':{'content':'") + content.toBase64() + quoted("','path':'") + path +
           quoted("','encoding':'base64'}}\n");
}
inline QByteArray lfsLine(const QByteArray& path, const QByteArray& oid, qint64 size)
{
    return quoted("{'key':'lfsFile','value':{'path':'") + path + quoted("','algo':'sha256','oid':'") + oid +
           quoted("','size':") + QByteArray::number(size) + "}}\n";
}
inline QByteArray deletion(const QByteArray& path)
{
    return quoted("{'key':'deletedFile','value':{'path':'") + path + "\"}}\n";
}

/// Commits to models of a HubFixture over HTTP and looks at what came of it.
class CommitClient {
public:
    explicit CommitClient(HubFixture& hub) : m_hub(hub) {}

    /// A new package with the file first.txt on main; its id in the stored spelling.
    QByteArray newPackage(PackageType type = PackageType::Model)
    {
        const QString id = QStringLiteral("Acme/p%1").arg(++m_packages);
        m_hub.createPackage(type, id);
        m_hub.commit(type, id, QStringLiteral("main"), {{"first.txt", "first\n"}});
        return id.toUtf8();
    }
    http::RawResponse post(const QByteArray& path, const QByteArray& body, const QByteArray& headers)
    {
        return m_hub.send("POST", path, headers, body, "application/x-ndjson");
    }
    /// As the administrator.
    http::RawResponse commit(const QByteArray& id, const QByteArray& body,
                             const QByteArray& revision = "main")
    {
        return post("/api/models/" + id + "/commit/" + revision, body, m_hub.admin());
    }
    /// The commit id of a revision; empty when it does not exist.
    QByteArray head(const QByteArray& id, const QByteArray& revision = "main")
    {
        const auto answer = m_hub.get("/api/models/" + id + "/revision/" + revision, m_hub.admin());
        return objectOf(answer).value(u"sha").toString().toLatin1();
    }
    /// The bytes of a file, or "status 404" and the like.
    QByteArray content(const QByteArray& id, const QByteArray& path, const QByteArray& revision = "main")
    {
        const auto answer = m_hub.get('/' + id + "/resolve/" + revision + '/' + path, m_hub.admin());
        return answer.status == 200 ? answer.body : "status " + QByteArray::number(answer.status);
    }
    qint64 runningTransfers()
    {
        qint64 running = 0;
        for (const auto& transfer : m_hub.services().transfers().snapshot())
            running += transfer.endedMs == 0 ? 1 : 0;
        return running;
    }

private:
    HubFixture& m_hub;
    int m_packages = 0;
};

} // namespace hublet::api::test
