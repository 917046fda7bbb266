// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/hasher.h"
#include "core/service/context/servercontrol.h"
#include "core/service/services.h"
#include "ui/owner.h"

#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

namespace hublet::test {

/// A server switch that only remembers.
class FakeServer : public service::ServerControl {
public:
    [[nodiscard]] State state() const override { return m_state; }
    [[nodiscard]] QString address() const override { return QStringLiteral("http://127.0.0.1:8082"); }
    [[nodiscard]] QString problem() const override { return m_problem; }
    void start() override { set(State::Serving); }
    void stop() override { set(State::Stopped); }
    void failWith(const QString& problem)
    {
        m_problem = problem;
        set(State::Failed);
    }

private:
    void set(State state)
    {
        m_state = state;
        emit stateChanged();
    }
    State m_state = State::Stopped;
    QString m_problem;
};

struct File {
    QByteArray path;
    QByteArray content;
};
using Files = std::vector<File>;

/// Bytes that do not compress, others each time; the same in every run.
inline QByteArray noise(qsizetype count)
{
    static QRandomGenerator generator(1);
    QByteArray bytes(count, Qt::Uninitialized);
    std::generate(bytes.begin(), bytes.end(), [] { return char(generator.generate()); });
    return bytes;
}

/// A data folder of its own with the repository hf-local, as after the first start, and short ways to fill
/// it. Blocking: used from the test's thread, where a window would go through Services::run.
class World {
public:
    World()
    {
        service::Services::Options options;
        options.dataFolder = m_folder.filePath(QStringLiteral("data"));
        auto opened = service::Services::open(options);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().describe()));
        m_services = std::move(*opened);
    }

    [[nodiscard]] service::Services& services() { return *m_services; }

    /// Commits `files` to a package, creating it if need be.
    void commit(const QString& id, const QString& revision, const QString& title, const Files& files,
                PackageType type = PackageType::Model)
    {
        const auto package = PackageId::parse(type, id);
        const auto key = RepositoryKey::parse(QStringLiteral("hf-local"));
        const auto permit = ui::permit(*m_services, access::Action::Write, *key, package->artifactPath());
        auto session = m_services->uploads().commit(*permit, *package, revision, {});
        if (!session)
            qFatal("%s", qPrintable(session.error().describe()));
        Sha256Hasher digest;
        digest.add(title.toUtf8());
        check((*session)->header({title, {}, {}}));
        for (const File& file : files) {
            digest.add(file.path);
            digest.add(file.content);
            check((*session)->beginFile());
            check((*session)->append(file.content));
            check((*session)->endFile(*RepoPath::parse(file.path), std::nullopt));
        }
        check((*session)->finish(digest.finish()));
    }
    void removePackage(const QString& id)
    {
        const auto package = PackageId::parse(PackageType::Model, id);
        const auto key = RepositoryKey::parse(QStringLiteral("hf-local"));
        check(m_services->packages().remove(
            *ui::permit(*m_services, access::Action::Delete, *key, package->artifactPath()), *package));
    }

    void removeRepository(const QString& key)
    {
        check(m_services->repositories().remove(*ui::adminPermit(*m_services), *RepositoryKey::parse(key)));
    }

private:
    template <typename T>
    static void check(const Result<T>& result)
    {
        if (!result)
            qFatal("%s", qPrintable(result.error().describe()));
    }

    QTemporaryDir m_folder;
    std::unique_ptr<service::Services> m_services;
};

} // namespace hublet::test
