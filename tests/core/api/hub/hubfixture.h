// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/cas/casapi.h"
#include "core/api/hub/hubapi.h"
#include "core/service/services.h"
#include "tests/core/http/testserver.h"

#include <QJsonDocument>
#include <QTemporaryDir>

#include <functional>
#include <memory>
#include <vector>

namespace hublet::api {

/// The whole server below its window, on a data folder and a port of its own, with the repository hf-local.
class HubFixture {
public:
    struct File {
        QByteArray path;
        QByteArray content;
        bool lfs = false;
    };

    explicit HubFixture(const LfsOptions& lfs = {});

    [[nodiscard]] service::Services& services() { return *m_services; }
    [[nodiscard]] HubApi& api() { return m_api; }
    [[nodiscard]] http::RawClient client() const { return m_server.client(); }

    /// "/artifactory/api/huggingfaceml/hf-local": before every path below.
    static const QByteArray Prefix;
    /// A header line with the administrator's token; `bearer` of another one.
    [[nodiscard]] QByteArray admin() const { return bearer(adminToken()); }
    [[nodiscard]] static QByteArray bearer(const QByteArray& token)
    {
        return "Authorization: Bearer " + token + "\r\n";
    }
    /// A new user without rights beyond those of everybody; the header line with a token of theirs.
    [[nodiscard]] QByteArray newUser(const QString& name);

    /// One request on a connection of its own; the prefix is put before `path`.
    [[nodiscard]] http::RawResponse get(const QByteArray& path, const QByteArray& headers = {});
    [[nodiscard]] http::RawResponse head(const QByteArray& path, const QByteArray& headers = {});
    [[nodiscard]] http::RawResponse send(const QByteArray& method, const QByteArray& path,
                                         const QByteArray& headers, const QByteArray& body,
                                         const QByteArray& contentType = "application/json");
    /// One request whose target is exactly `target`; a null body is none.
    [[nodiscard]] http::RawResponse ask(const QByteArray& method, const QByteArray& target,
                                        const QByteArray& headers = {}, const QByteArray& body = {});

    /// Makes a package as the administrator.
    catalog::Package createPackage(PackageType type, const QString& id, bool isPrivate = false);
    /// Commits files to a revision of it. Returns the commit id in hex.
    QByteArray commit(PackageType type, const QString& id, const QString& revision,
                      const std::vector<File>& files, const QString& title = QStringLiteral("add files"));

    /// Changes the settings of the repository.
    void changeRepository(const std::function<void(catalog::RepositorySettings&)>& change);
    /// Turns Xet on (as it is at first) or off for the repository, and waits until all is stored so.
    void setXet(bool on);

    /// A right of the administrator's.
    [[nodiscard]] access::Permit permit(access::Action action, const PackageId& id) const;

private:
    [[nodiscard]] QByteArray adminToken() const { return m_services->firstRun()->token.toLatin1(); }

    QTemporaryDir m_folder;
    std::unique_ptr<service::Services> m_services;
    access::Principal m_admin;
    HubApi m_api;
    cas::CasApi m_cas;
    http::TestServer m_server;
};

[[nodiscard]] inline QJsonObject objectOf(const http::RawResponse& response)
{
    return QJsonDocument::fromJson(response.body).object();
}

/// The target of the "next" link, scheme and host taken off.
[[nodiscard]] inline QByteArray nextTarget(const http::RawResponse& response)
{
    const QByteArray link = response.header("Link");
    const qsizetype begin = link.indexOf("/artifactory");
    return begin < 0 ? QByteArray() : link.mid(begin, link.indexOf('>') - begin);
}

} // namespace hublet::api
