// SPDX-License-Identifier: Apache-2.0
#include "hubfixture.h"

#include "core/base/hasher.h"

#include <QTest>

namespace hublet::api {

namespace {

template <typename T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qUtf8Printable(result.error().describe()));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

std::unique_ptr<service::Services> openServices(const QString& folder)
{
    service::Services::Options options;
    options.dataFolder = folder;
    return must(service::Services::open(options));
}

access::Principal principalOf(service::Services& services, const QByteArray& token)
{
    const QByteArray authorization = "Bearer " + token;
    access::Credentials credentials;
    credentials.authorization = authorization;
    return must(services.authenticator().authenticate(credentials));
}

} // namespace

const QByteArray HubFixture::Prefix = "/artifactory/api/huggingfaceml/hf-local";

HubFixture::HubFixture(const LfsOptions& lfs)
    : m_services(openServices(m_folder.filePath(QStringLiteral("data")))),
      m_admin(principalOf(*m_services, adminToken())), m_api(*m_services, lfs), m_cas(*m_services),
      m_server([this](const http::Request& request) {
          return cas::CasApi::owns(request) ? m_cas.dispatch(request) : m_api.dispatch(request);
      })
{
}

QByteArray HubFixture::newUser(const QString& name)
{
    access::NewUser user;
    user.name = name;
    must(services().directory().createUser(user));
    access::NewToken token;
    token.name = QStringLiteral("test");
    token.role = access::Principal::TokenRole::Full;
    return bearer(must(services().directory().createToken(name, token)).secret);
}

http::RawResponse HubFixture::ask(const QByteArray& method, const QByteArray& target,
                                  const QByteArray& headers, const QByteArray& body)
{
    http::RawClient connection = client();
    if (body.isNull())
        return connection.get(target, headers, method);
    connection.send(method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " +
                    QByteArray::number(body.size()) + "\r\n" + headers + "\r\n" + body);
    return connection.read();
}

http::RawResponse HubFixture::get(const QByteArray& path, const QByteArray& headers)
{
    return ask("GET", Prefix + path, headers);
}

http::RawResponse HubFixture::head(const QByteArray& path, const QByteArray& headers)
{
    return ask("HEAD", Prefix + path, headers);
}

http::RawResponse HubFixture::send(const QByteArray& method, const QByteArray& path,
                                   const QByteArray& headers, const QByteArray& body,
                                   const QByteArray& contentType)
{
    return ask(method, Prefix + path, "Content-Type: " + contentType + "\r\n" + headers,
               body.isNull() ? QByteArray("") : body);
}

access::Permit HubFixture::permit(access::Action action, const PackageId& id) const
{
    return must(
        m_services->policy().check(m_admin, action, *RepositoryKey::parse(u"hf-local"), id.artifactPath()));
}

catalog::Package HubFixture::createPackage(PackageType type, const QString& id, bool isPrivate)
{
    const PackageId package = must(PackageId::parse(type, id));
    service::NewPackage what;
    what.isPrivate = isPrivate;
    return must(services().packages().create(permit(access::Action::Write, package), package, what));
}

QByteArray HubFixture::commit(PackageType type, const QString& id, const QString& revision,
                              const std::vector<File>& files, const QString& title)
{
    const PackageId package = must(PackageId::parse(type, id));
    const access::Permit write = permit(access::Action::Write, package);
    const auto session = must(services().uploads().commit(write, package, revision, {}));
    must(session->header({title, {}, {}}));
    for (const File& file : files) {
        const RepoPath path = must(RepoPath::parse(file.path));
        if (!file.lfs) {
            must(session->beginFile());
            must(session->append(file.content));
            must(session->endFile(path, std::nullopt));
            continue;
        }
        const Sha256 digest = Sha256Hasher::hash(file.content);
        const service::UploadTicket ticket{.content = digest,
                                           .size = file.content.size(),
                                           .userId = m_admin.userId,
                                           .repository = write.repository(),
                                           .expiresMs = std::numeric_limits<qint64>::max(),
                                           .tokenId = m_admin.tokenId};
        const auto upload = must(services().uploads().receive(ticket, file.content.size(), {}));
        must(upload->append(file.content));
        must(upload->finish());
        must(session->lfsFile(path, digest, file.content.size(), std::nullopt));
    }
    return must(session->finish(Sha256Hasher::hash(title.toUtf8()))).commit.oid.toHex();
}

void HubFixture::changeRepository(const std::function<void(catalog::RepositorySettings&)>& change)
{
    const RepositoryKey key = *RepositoryKey::parse(u"hf-local");
    catalog::RepositorySettings settings = must(services().browse().repository(key)).settings;
    change(settings);
    must(services().repositories().change(must(services().policy().checkAdmin(access::Principal::owner())),
                                          key, settings));
}

void HubFixture::setXet(bool on)
{
    const RepositoryKey key = *RepositoryKey::parse(u"hf-local");
    changeRepository([on](catalog::RepositorySettings& settings) { settings.xet = on; });
    QTRY_VERIFY(!services().repositories().isConverting(key)); // so that files do not move during a test
}

} // namespace hublet::api
