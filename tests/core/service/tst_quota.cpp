// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

/// RepositorySettings::quotaBytes, on every way in.
class TestQuota : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));

private slots:
    void holdsTheQuota()
    {
        ServiceFixture hublet;
        hublet.changeRepository([](auto& settings) { settings.quotaBytes = 10'000; });
        const QByteArray large = someBytes(20'000);
        QCOMPARE(errorName(hublet.uploadLfs(hublet.owner(), large)), QStringLiteral("QuotaExceeded"));
        QCOMPARE(errorName(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", large}})),
                 QStringLiteral("QuotaExceeded"));
        QVERIFY(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", someBytes(9000)}}));
        QCOMPARE(errorName(
                     hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"b", someBytes(2000)}})),
                 QStringLiteral("QuotaExceeded"));
        hublet.changeRepository([](auto& settings) { settings.quotaBytes = 0; });
        QVERIFY(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"b", someBytes(2000)}}));
    }

    void quotaCountsEveryRevision()
    {
        ServiceFixture hublet;
        hublet.changeRepository([](auto& settings) { settings.quotaBytes = 13'000; });
        const auto release = [&](const QString& name, const QByteArray& bytes) {
            return hublet.commit(hublet.owner(), m_bert, name, {{"a", bytes}});
        };
        QVERIFY(release(QStringLiteral("1.0"), someBytes(6000)));
        QVERIFY(release(QStringLiteral("1.1"), someBytes(6000))); // held once
        QCOMPARE(errorName(release(QStringLiteral("2.0"), someBytes(7500))), QStringLiteral("QuotaExceeded"));
        QVERIFY(release(QStringLiteral("2.0"), someBytes(5000)));
        QCOMPARE(errorName(release(QStringLiteral("3.0"), someBytes(7500))), QStringLiteral("QuotaExceeded"));
        QVERIFY(hublet->packages().remove(hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert));
        QVERIFY(release(QStringLiteral("3.0"), someBytes(7500)));
    }

    void quotaCountsFilesOfNewPackages()
    {
        ServiceFixture hublet;
        hublet.changeRepository([](auto& settings) { settings.quotaBytes = 10'000; });
        NewPackage what;
        what.files = {{path("a"), someBytes(6000)}, {path("b"), someBytes(6000, 2)}};
        const auto writing = hublet.permit(hublet.owner(), Action::Write, m_bert);
        QCOMPARE(errorName(hublet->packages().create(writing, m_bert, what)),
                 QStringLiteral("QuotaExceeded"));
        what.files.pop_back();
        QVERIFY(hublet->packages().create(writing, m_bert, what));
        QCOMPARE(errorName(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"),
                                         {{"b", someBytes(6000, 2)}})),
                 QStringLiteral("QuotaExceeded"));
    }

    /// Each of them has room when it begins.
    void quotaHoldsForUploadsSideBySide()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const auto writing = hublet.permit(hublet.owner(), Action::Write, m_bert);
        const auto start = [&](quint32 seed) {
            auto session =
                must(hublet->uploads().commit(writing, m_bert, QStringLiteral("main"), CommitOptions()));
            must(session->header({QStringLiteral("one of many"), {}, {}}));
            must(session->beginFile());
            must(session->append(someBytes(6000, seed)));
            must(session->endFile(path("f" + QByteArray::number(seed)), std::nullopt));
            return session;
        };
        const auto setQuota = [&](qint64 bytes) {
            hublet.changeRepository([bytes](auto& settings) { settings.quotaBytes = bytes; });
        };
        const auto runFour = [&](quint32 seed) {
            std::vector<std::unique_ptr<CommitSession>> sessions;
            for (quint32 i = 0; i < 4; ++i)
                sessions.push_back(start(seed + i));
            QStringList outcomes;
            for (std::size_t i = 0; i < sessions.size(); ++i)
                outcomes +=
                    errorName(sessions[i]->finish(Sha256Hasher::hash(someBytes(8, seed + quint32(i)))));
            return outcomes.join(u' ');
        };
        const QString twoOfFour = QStringLiteral("no error no error QuotaExceeded QuotaExceeded");
        setQuota(15'000);
        QCOMPARE(runFour(1), twoOfFour);
        // Commits count as well that nobody counted when they were made.
        setQuota(0);
        QVERIFY(
            hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"more", someBytes(6000, 9)}}));
        setQuota(33'000);
        QCOMPARE(runFour(11), twoOfFour);
        // What adds nothing has room in a repository that holds too much.
        setQuota(1000);
        auto session =
            must(hublet->uploads().commit(writing, m_bert, QStringLiteral("main"), CommitOptions()));
        must(session->header({QStringLiteral("delete"), {}, {}}));
        must(session->deletePath(path("f1")));
        QVERIFY(session->finish(Sha256Hasher::hash("delete")));
    }

    void quotaHoldsForPackagesThatMoveIn()
    {
        ServiceFixture hublet;
        const RepositoryKey other = *RepositoryKey::parse(u"small");
        Repositories::NewRepository small;
        small.settings.quotaBytes = 10'000;
        must(hublet->repositories().create(hublet.adminPermit(), other, small));
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", someBytes(20'000)}}));
        const auto move = [&] {
            return errorName(hublet->packages().move(
                hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert,
                must(hublet->policy().check(hublet.owner(), Action::Write, other, m_bert.artifactPath())),
                m_bert));
        };
        QCOMPARE(move(), QStringLiteral("QuotaExceeded"));
        QCOMPARE(hublet.files(hublet.owner(), m_bert, QStringLiteral("main")).size(), 1U);
        small.settings.quotaBytes = 30'000;
        must(hublet->repositories().change(hublet.adminPermit(), other, small.settings));
        QCOMPARE(move(), QStringLiteral("no error"));
    }
};

QTEST_GUILESS_MAIN(TestQuota)
#include "tst_quota.moc"
