// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/services.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>
#include <QTest>

#include <map>

namespace hublet::service::test {

/// The value of a result that a test cannot go on without.
template <typename T>
T must(Result<T> result)
{
    if (!result)
        qFatal("a precondition of the test failed: %s", qPrintable(result.error().describe()));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

template <typename T>
QString errorName(const Result<T>& result)
{
    return result ? QStringLiteral("no error") : QString::fromLatin1(errorCodeName(result.error().code()));
}

[[nodiscard]] PackageId model(const QString& id);
[[nodiscard]] PackageId dataset(const QString& id);
[[nodiscard]] RepoPath path(const QByteArray& text);
/// Incompressible bytes that are always the same for one seed.
[[nodiscard]] QByteArray someBytes(qsizetype count, quint32 seed = 1);

/// Services on a data folder of their own, with repository "hf-local", on a clock that tests move.
class ServiceFixture {
public:
    using Files = std::map<QByteArray, QByteArray>; ///< bytes by path

    ServiceFixture();
    [[nodiscard]] Services& operator*() { return *m_services; }
    [[nodiscard]] Services* operator->() { return m_services.get(); }
    [[nodiscard]] hublet::test::FakeClock& clock() { return m_clock; }
    [[nodiscard]] QString dataFolder() const { return m_folder.filePath(QStringLiteral("data")); }
    [[nodiscard]] QString file(const QString& name) const { return m_folder.filePath(name); }
    void reopen(bool converts = true);
    void close() { m_services.reset(); }

    /// A user with these rights on every package, and a token of it.
    [[nodiscard]] access::Principal user(const QString& name, access::ActionSet actions);
    [[nodiscard]] access::Principal owner() const { return access::Principal::owner(); }
    [[nodiscard]] access::Permit permit(const access::Principal& principal, access::Action action,
                                        const PackageId& id);
    [[nodiscard]] access::AdminPermit adminPermit();
    [[nodiscard]] static RepositoryKey repository();
    void changeRepository(const std::function<void(catalog::RepositorySettings&)>& change);
    void setXet(bool on);

    [[nodiscard]] catalog::Package createPackage(const access::Principal& principal, const PackageId& id,
                                                 const NewPackage& what = {});
    /// A ticket as the LFS batch makes one.
    [[nodiscard]] UploadTicket ticket(const access::Principal& principal, const QByteArray& bytes);
    [[nodiscard]] Result<void> uploadLfs(const access::Principal& principal, const QByteArray& bytes);
    [[nodiscard]] Result<CommitOutcome> commit(const access::Principal& principal, const PackageId& id,
                                               const QString& revision, const Files& files,
                                               const QByteArray& parent = {}, bool createPullRequest = false);
    /// Names uploaded content in a commit.
    [[nodiscard]] Result<CommitOutcome> commitLfs(const access::Principal& principal, const PackageId& id,
                                                  const QString& revision, const QByteArray& filePath,
                                                  const QByteArray& bytes);
    /// All files of a revision, byte for byte.
    [[nodiscard]] Files files(const access::Principal& principal, const PackageId& id,
                              const QString& revision);
    /// The bytes as a client would get them.
    [[nodiscard]] static QByteArray bytesOf(const store::Content& content);

private:
    QTemporaryDir m_folder;
    hublet::test::FakeClock m_clock;
    std::unique_ptr<Services> m_services;
};

} // namespace hublet::service::test
