// SPDX-License-Identifier: Apache-2.0
#include "tests/core/service/servicefixture.h"

#include "core/base/hasher.h"

#include <QLoggingCategory>
#include <QRandomGenerator>

#include <unistd.h>

namespace hublet::service::test {

using access::Action;

PackageId model(const QString& id)
{
    return must(PackageId::parse(PackageType::Model, id));
}

PackageId dataset(const QString& id)
{
    return must(PackageId::parse(PackageType::Dataset, id));
}

RepoPath path(const QByteArray& text)
{
    return must(RepoPath::parse(text));
}

QByteArray someBytes(qsizetype count, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray bytes(count, Qt::Uninitialized);
    for (char& c : bytes)
        c = static_cast<char>(random.generate());
    return bytes;
}

ServiceFixture::ServiceFixture()
{
    QLoggingCategory::setFilterRules(QStringLiteral("hublet.*.info=false"));
    reopen();
}

void ServiceFixture::reopen(bool converts)
{
    close();
    Services::Options options;
    options.dataFolder = dataFolder();
    options.workers = 2;
    options.converts = converts;
    options.clock = &m_clock;
    m_services = must(Services::open(options));
}

RepositoryKey ServiceFixture::repository()
{
    return must(RepositoryKey::parse(u"hf-local"));
}

access::Principal ServiceFixture::user(const QString& name, access::ActionSet actions)
{
    access::NewUser request;
    request.name = name;
    must(m_services->directory().createUser(request));
    if (!actions.isEmpty()) {
        access::Permission permission;
        permission.name = QStringLiteral("rights-of-") + name;
        permission.repositories = {QStringLiteral("ANY")};
        permission.users.insert(name, actions);
        must(m_services->directory().createPermission(permission));
    }
    access::NewToken token;
    token.name = QStringLiteral("test");
    token.role = access::Principal::TokenRole::Full;
    const auto created = must(m_services->directory().createToken(name, token));
    return must(m_services->directory().principalOfToken(created.info.id));
}

access::Permit ServiceFixture::permit(const access::Principal& principal, Action action, const PackageId& id)
{
    return must(m_services->policy().check(principal, action, repository(), id.artifactPath()));
}

access::AdminPermit ServiceFixture::adminPermit()
{
    return must(m_services->policy().checkAdmin(owner()));
}

void ServiceFixture::changeRepository(const std::function<void(catalog::RepositorySettings&)>& change)
{
    auto settings = must(m_services->browse().repository(repository())).settings;
    change(settings);
    must(m_services->repositories().change(adminPermit(), repository(), settings));
}

void ServiceFixture::setXet(bool on)
{
    changeRepository([on](catalog::RepositorySettings& settings) { settings.xet = on; });
}

catalog::Package ServiceFixture::createPackage(const access::Principal& principal, const PackageId& id,
                                               const NewPackage& what)
{
    return must(m_services->packages().create(permit(principal, Action::Write, id), id, what));
}

UploadTicket ServiceFixture::ticket(const access::Principal& principal, const QByteArray& bytes)
{
    return {Sha256Hasher::hash(bytes),   bytes.size(),     principal.userId, repository(), 0, 0,
            m_clock.nowMs() + 3'600'000, principal.tokenId};
}

Result<void> ServiceFixture::uploadLfs(const access::Principal& principal, const QByteArray& bytes)
{
    auto upload =
        m_services->uploads().receive(ticket(principal, bytes), bytes.size(), QStringLiteral("test"));
    if (!upload)
        return forward(upload);
    if (const auto appended = (*upload)->append(bytes); !appended)
        return forward(appended);
    if (const auto finished = (*upload)->finish(); !finished)
        return forward(finished);
    return {};
}

Result<CommitOutcome> ServiceFixture::commit(const access::Principal& principal, const PackageId& id,
                                             const QString& revision, const Files& files,
                                             const QByteArray& parent, bool createPullRequest)
{
    CommitOptions options;
    options.createPullRequest = createPullRequest;
    auto session = m_services->uploads().commit(permit(principal, Action::Write, id), id, revision, options);
    if (!session)
        return forward(session);
    Sha256Hasher digest;
    digest.add(revision.toUtf8() + '\n' + parent);
    must((*session)->header({QStringLiteral("Upload"), QString(), parent}));
    for (const auto& [name, bytes] : files) {
        digest.add(name + '\n' + bytes);
        must((*session)->beginFile());
        if (const auto appended = (*session)->append(bytes); !appended)
            return forward(appended);
        must((*session)->endFile(path(name), std::nullopt));
    }
    return (*session)->finish(digest.finish());
}

Result<CommitOutcome> ServiceFixture::commitLfs(const access::Principal& principal, const PackageId& id,
                                                const QString& revision, const QByteArray& filePath,
                                                const QByteArray& bytes)
{
    auto session = m_services->uploads().commit(permit(principal, Action::Write, id), id, revision, {});
    if (!session)
        return forward(session);
    must((*session)->header({QStringLiteral("Upload LFS"), QString(), QByteArray()}));
    const Sha256 content = Sha256Hasher::hash(bytes);
    if (const auto named = (*session)->lfsFile(path(filePath), content, bytes.size(), std::nullopt); !named)
        return forward(named);
    return (*session)->finish(Sha256Hasher::hash(filePath + content.toBytes()));
}

ServiceFixture::Files ServiceFixture::files(const access::Principal& principal, const PackageId& id,
                                            const QString& revision)
{
    const auto reading = permit(principal, Action::Read, id);
    Browse& browse = m_services->browse();
    const auto resolved = must(browse.revision(reading, id, revision));
    std::vector<catalog::TreeEntry> entries;
    must(browse.forEachFile(reading, id, resolved,
                            [&](const catalog::TreeEntry& entry) { entries.push_back(entry); }));
    Files found;
    for (const catalog::TreeEntry& entry : entries)
        found.emplace(entry.path.bytes(), bytesOf(must(browse.content(entry))));
    return found;
}

QByteArray ServiceFixture::bytesOf(const store::Content& content)
{
    QByteArray bytes;
    for (const Extent& extent : content.extents) {
        QByteArray piece(extent.length, Qt::Uninitialized);
        if (::pread(extent.file->get(), piece.data(), size_t(extent.length), extent.offset) != extent.length)
            qFatal("content cannot be read");
        bytes += piece;
    }
    return bytes;
}

} // namespace hublet::service::test
