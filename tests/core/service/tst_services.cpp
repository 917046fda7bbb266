// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/xetswitch.h"
#include "tests/core/service/servicefixture.h"
#include "tests/support/failingsync.h"

#include <QFutureWatcher>

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestServices : public QObject {
    Q_OBJECT

private slots:
    void tellsTheFirstCredentialsOnce()
    {
        ServiceFixture hublet;
        const auto first = hublet->firstRun();
        QVERIFY(first);
        QVERIFY(first->token.startsWith(QStringLiteral("hf_")));
        QVERIFY(!first->password.isEmpty());
        const QByteArray header = "Bearer " + first->token.toLatin1();
        Credentials credentials;
        credentials.authorization = header;
        const auto admin = hublet->authenticator().authenticate(credentials);
        QVERIFY2(admin, qPrintable(errorName(admin)));
        QCOMPARE(admin->name, first->user);
        QVERIFY(admin->admin);
        hublet.reopen();
        QVERIFY(!hublet->firstRun());
    }

    void makesTheFirstRepositoryAndServesItAtTheRoot()
    {
        ServiceFixture hublet;
        const auto repositories = must(hublet->browse().repositories(hublet.owner()));
        QCOMPARE(repositories.size(), 1U);
        QCOMPARE(repositories[0].key.text(), QStringLiteral("hf-local"));
        QVERIFY(repositories[0].settings.xet);
        QVERIFY(servesXet(repositories[0]));
        QCOMPARE(hublet->settings().values().defaultRepository->text(), QStringLiteral("hf-local"));
        must(hublet->repositories().remove(hublet.adminPermit(), hublet.repository()));
        hublet.reopen();
        QVERIFY(must(hublet->browse().repositories(hublet.owner())).empty());
    }

    void keepsOthersOut()
    {
        ServiceFixture hublet;
        Services::Options options;
        options.dataFolder = hublet.dataFolder();
        QCOMPARE(errorName(Services::open(options)), QStringLiteral("Busy"));
        hublet.close();
        QVERIFY(Services::open(options));
    }

    void stopsUncleanAfterAFailedSync()
    {
        ServiceFixture hublet;
        const auto lockText = [&] {
            QFile file(hublet.dataFolder() + QStringLiteral("/hublet.lock"));
            return file.open(QIODevice::ReadOnly) ? file.readLine().trimmed() : QByteArray();
        };
        hublet.close();
        QVERIFY2(lockText().endsWith(" stopped"), lockText());
        hublet.reopen();
        {
            const hublet::test::FailingSync failing;
            QVERIFY(!hublet.uploadLfs(hublet.owner(), someBytes(400'000)));
        }
        QVERIFY(must(hublet->maintenance().status()).store.readOnly);
        hublet.close();
        QVERIFY2(lockText().endsWith(" running"), lockText()); // the next start checks
        hublet.reopen();
        QVERIFY(hublet->dataFolder().wasUncleanStop());
        QVERIFY(hublet.uploadLfs(hublet.owner(), someBytes(400'000)));
        hublet.close();
        QVERIFY2(lockText().endsWith(" stopped"), lockText());
    }

    void runsWorkForTheWindow()
    {
        ServiceFixture hublet;
        auto future = hublet->run([](Services& services) { return services.maintenance().status(); });
        future.waitForFinished();
        const auto status = future.result();
        QVERIFY2(status, qPrintable(errorName(status)));
        QCOMPARE(status->repositories, 1);
        QCOMPARE(status->users, 1);
        QCOMPARE(status->packages, 0);
    }

    void administersRepositories()
    {
        ServiceFixture hublet;
        const auto key = must(RepositoryKey::parse(u"second"));
        QStringList seen;
        QObject::connect(&hublet->events(), &EventBus::repositoryAdded,
                         [&](const QString& name) { seen += u'+' + name; });
        QObject::connect(&hublet->events(), &EventBus::repositoryChanged,
                         [&](const QString& name) { seen += u'~' + name; });
        QObject::connect(&hublet->events(), &EventBus::repositoryRemoved,
                         [&](const QString& name) { seen += u'-' + name; });

        Repositories& repositories = hublet->repositories();
        Repositories::NewRepository what;
        what.settings.description = QStringLiteral("a text");
        QVERIFY(repositories.create(hublet.adminPermit(), key, what));
        QCOMPARE(
            errorName(repositories.create(hublet.adminPermit(), must(RepositoryKey::parse(u"SECOND")), what)),
            QStringLiteral("AlreadyExists"));
        what.rclass = catalog::RepositoryClass::Remote;
        QCOMPARE(
            errorName(repositories.create(hublet.adminPermit(), must(RepositoryKey::parse(u"third")), what)),
            QStringLiteral("Unsupported"));
        catalog::RepositorySettings settings;
        settings.quotaBytes = 5;
        QCOMPARE(must(repositories.change(hublet.adminPermit(), key, settings)).settings.quotaBytes, 5);
        QCOMPARE(must(repositories.totals(key)).packages, 0);
        QVERIFY(repositories.remove(hublet.adminPermit(), key));
        QCOMPARE(errorName(repositories.totals(key)), QStringLiteral("RepositoryNotFound"));
        QCOMPARE(seen, QStringList({QStringLiteral("+second"), QStringLiteral("~second"),
                                    QStringLiteral("-second")}));
    }

    void permissionsKnowTheClassOfNewRepositories()
    {
        ServiceFixture hublet;
        const Principal alice = hublet.user(QStringLiteral("alice"), {});
        Permission permission;
        permission.name = QStringLiteral("local-writers");
        permission.repositories = {QStringLiteral("ANY LOCAL")};
        permission.users.insert(alice.name, {Action::Write});
        must(hublet->directory().createPermission(permission));
        const auto key = must(RepositoryKey::parse(u"second"));
        QVERIFY(!hublet->policy().allows(alice, Action::Write, key, QStringLiteral("models/a/b")));
        must(hublet->repositories().create(hublet.adminPermit(), key, {}));
        QVERIFY(hublet->policy().allows(alice, Action::Write, key, QStringLiteral("models/a/b")));
        hublet.reopen();
        QVERIFY(hublet->policy().allows(alice, Action::Write, key, QStringLiteral("models/a/b")));
    }
};

QTEST_GUILESS_MAIN(TestServices)
#include "tst_services.moc"
