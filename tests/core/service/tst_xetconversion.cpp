// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/db/database.h"
#include "servicefixture.h"

#include <QSemaphore>
#include <QThread>

#include <atomic>

using namespace hublet;
using namespace hublet::service;
using namespace hublet::service::test;

namespace {

const QString Main = QStringLiteral("main");

} // namespace

class TestXetConversion : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));
    const QByteArray m_large = someBytes(3'000'000, 1);
    const QByteArray m_small = someBytes(20'000, 2);

    /// Are the two files stored as segments?
    QList<bool> segmented(ServiceFixture& hublet) const
    {
        const auto read = hublet.permit(hublet.owner(), access::Action::Read, m_bert);
        const auto revision = must(hublet->browse().revision(read, m_bert, Main));
        const auto items = must(hublet->browse().paths(
            read, m_bert, revision, {path("large.bin"), path("small.bin")}, {.xetHash = true}));
        QList<bool> found;
        for (const Browse::TreeItem& item : items)
            found.append(item.xetHash.has_value());
        return found;
    }
    void publish(ServiceFixture& hublet) const
    {
        (void)hublet.createPackage(hublet.owner(), m_bert);
        for (const QByteArray& bytes : {m_large, m_small})
            must(hublet.uploadLfs(hublet.owner(), bytes));
        must(hublet.commitLfs(hublet.owner(), m_bert, Main, "large.bin", m_large));
        must(hublet.commitLfs(hublet.owner(), m_bert, Main, "small.bin", m_small));
    }
    /// The large file inline, in a second repository.
    void publishElsewhere(ServiceFixture& hublet, const Repositories::NewRepository& how) const
    {
        const auto other = must(RepositoryKey::parse(QStringLiteral("other")));
        must(hublet->repositories().create(hublet.adminPermit(), other, how));
        const auto permit =
            must(hublet->policy().check(hublet.owner(), access::Action::Write, other, m_bert.artifactPath()));
        auto session = must(hublet->uploads().commit(permit, m_bert, Main, {}));
        must(session->header({QStringLiteral("same"), {}, {}}));
        must(session->beginFile());
        must(session->append(m_large));
        must(session->endFile(path("large.bin"), std::nullopt));
        must(session->finish(Sha256Hasher::hash(m_large)));
    }
    void compareFiles(ServiceFixture& hublet) const
    {
        const auto files = hublet.files(hublet.owner(), m_bert, Main);
        QCOMPARE(files.at("large.bin"), m_large);
        QCOMPARE(files.at("small.bin"), m_small);
    }

private slots:
    void storesAsTheSwitchSays_data()
    {
        QTest::addColumn<bool>("xet");
        QTest::newRow("on") << true;
        QTest::newRow("off") << false;
    }
    void storesAsTheSwitchSays()
    {
        QFETCH(bool, xet);
        ServiceFixture hublet;
        hublet.setXet(xet);
        publish(hublet);
        QCOMPARE(segmented(hublet), (QList<bool>{xet, xet}));
        compareFiles(hublet);
    }

    /// One that names uploaded files only, and gets a new .gitattributes for them.
    void leavesNothingInTheOtherForm()
    {
        ServiceFixture hublet;
        hublet.setXet(true);
        (void)hublet.createPackage(hublet.owner(), m_bert);
        must(hublet.uploadLfs(hublet.owner(), m_large));
        must(hublet.commitLfs(hublet.owner(), m_bert, Main, "large.unheardof", m_large));
        QVERIFY(hublet.files(hublet.owner(), m_bert, Main).at(".gitattributes").contains("unheardof"));
        const auto left = must(hublet->repositories().inOtherForm(ServiceFixture::repository(), true));
        QCOMPARE(left.contents, 0);
    }

    void convertsBothWays()
    {
        ServiceFixture hublet;
        hublet.setXet(false);
        publish(hublet);
        for (const bool xet : {true, false}) {
            hublet.setXet(xet);
            QTRY_COMPARE(segmented(hublet), (QList<bool>{xet, xet}));
            compareFiles(hublet);
        }
    }

    void goesOnAtTheNextStart()
    {
        ServiceFixture hublet;
        hublet.setXet(false);
        publish(hublet);
        hublet.setXet(true);
        hublet.reopen(); // whatever was done by then
        QTRY_COMPARE(segmented(hublet), (QList<bool>{true, true}));
        compareFiles(hublet);
    }

    void waitsForAStartThatLasts()
    {
        ServiceFixture hublet;
        hublet.setXet(false);
        publish(hublet);
        hublet.close();
        {
            db::DatabaseOptions options;
            options.file = hublet.dataFolder() + QStringLiteral("/hublet.db");
            const auto database = must(db::Database::open(options, false));
            must(database->write([](db::Transaction& transaction) {
                return transaction.query(u"UPDATE repository SET xet = 1").run();
            }));
        }
        hublet.reopen(false); // as a command does
        QVERIFY(!hublet->repositories().isConverting(hublet.repository()));
        hublet->repositories().resumeConversion(hublet.adminPermit(), ServiceFixture::repository());
        hublet.setXet(false);
        hublet.setXet(true);
        QVERIFY(!hublet->repositories().isConverting(hublet.repository()));
        QCOMPARE(segmented(hublet), (QList<bool>{false, false}));
        hublet.reopen();
        QTRY_COMPARE(segmented(hublet), (QList<bool>{true, true}));
    }

    void stopsAndGoesOn()
    {
        ServiceFixture hublet;
        hublet.setXet(false);
        publish(hublet);
        // Stopped from the thread that converts, when it is about to read the first byte.
        std::atomic_bool isStopped = false;
        connect(
            &hublet->events(), &EventBus::conversionChanged, this,
            [&](const QString&) {
                if (!hublet->transfers().snapshot().empty() && !isStopped.exchange(true))
                    hublet->repositories().cancelConversion(hublet.adminPermit(),
                                                            ServiceFixture::repository());
            },
            Qt::DirectConnection);
        hublet.setXet(true);
        QTRY_VERIFY(!hublet->repositories().isConverting(ServiceFixture::repository()));
        QCOMPARE(segmented(hublet), (QList<bool>{false, false}));
        QVERIFY(must(hublet->repositories().inOtherForm(ServiceFixture::repository(), true)).bytes >=
                m_large.size() + m_small.size());

        hublet->repositories().resumeConversion(hublet.adminPermit(), ServiceFixture::repository());
        QTRY_VERIFY(!hublet->repositories().isConverting(ServiceFixture::repository()));
        QCOMPARE(segmented(hublet), (QList<bool>{true, true}));
        QCOMPARE(must(hublet->repositories().inOtherForm(ServiceFixture::repository(), true)).contents,
                 qint64(0));
    }

    void tellsWhenItHasEnded()
    {
        ServiceFixture hublet;
        hublet.setXet(false);
        publish(hublet);
        // Held by the thread that converts, when it is about to read the first byte.
        QSemaphore goOn;
        std::atomic_bool isHeld = false;
        connect(
            &hublet->events(), &EventBus::conversionChanged, this,
            [&](const QString&) {
                if (QThread::currentThread() != thread() && !hublet->transfers().snapshot().empty() &&
                    !isHeld.exchange(true))
                    goOn.acquire();
            },
            Qt::DirectConnection);
        hublet.setXet(true);
        QTRY_VERIFY(isHeld);
        Repositories& repositories = hublet->repositories();
        QVERIFY(!repositories.waitForConversion(ServiceFixture::repository(), std::chrono::milliseconds(0)));
        repositories.cancelConversion(hublet.adminPermit(), ServiceFixture::repository());
        QVERIFY(repositories.isConverting(ServiceFixture::repository()));
        goOn.release();
        QVERIFY(repositories.waitForConversion(ServiceFixture::repository(), std::chrono::minutes(1)));
        QVERIFY(!repositories.isConverting(ServiceFixture::repository()));
    }

    void foretellsWhatATurnConverts_data()
    {
        QTest::addColumn<bool>("xet");
        QTest::newRow("to segments") << true;
        QTest::newRow("to whole files") << false;
    }
    void foretellsWhatATurnConverts()
    {
        QFETCH(bool, xet);
        ServiceFixture hublet;
        hublet.setXet(!xet);
        publish(hublet);
        const auto before = must(hublet->repositories().inOtherForm(ServiceFixture::repository(), !xet));
        QCOMPARE(before.contents, qint64(0));
        const auto foretold = must(hublet->repositories().inOtherForm(ServiceFixture::repository(), xet));
        QVERIFY(foretold.bytes >= m_large.size() + m_small.size());
        hublet.setXet(xet);
        QTRY_VERIFY(!hublet->repositories().isConverting(ServiceFixture::repository()));
        qint64 converted = -1;
        for (const TransferInfo& transfer : hublet->transfers().snapshot()) {
            if (transfer.direction == TransferDirection::Conversion)
                converted = transfer.done;
        }
        QCOMPARE(converted, foretold.bytes);
    }

    /// What a second repository with Xet on uses too is not written out when the first turns it off.
    void leavesToOthersWhatTheyUse()
    {
        ServiceFixture hublet;
        publish(hublet);
        publishElsewhere(hublet, {});
        const auto left = must(hublet->repositories().inOtherForm(ServiceFixture::repository(), false));
        QVERIFY(left.bytes > 0);
        QVERIFY(left.bytes < m_large.size());
    }

    /// Nothing is uploaded then: the store has the bytes, but whole.
    void convertsWhatACommitNames()
    {
        ServiceFixture hublet;
        Repositories::NewRepository withoutXet;
        withoutXet.settings.xet = false;
        publishElsewhere(hublet, withoutXet);
        (void)hublet.createPackage(hublet.owner(), m_bert);
        must(hublet.uploadLfs(hublet.owner(), m_small));
        must(hublet.commitLfs(hublet.owner(), m_bert, Main, "small.bin", m_small));
        must(hublet.commitLfs(hublet.owner(), m_bert, Main, "large.bin", m_large));
        QTRY_COMPARE(segmented(hublet), (QList<bool>{true, true}));
        compareFiles(hublet);
    }

    void showsInTheListOfTransfers()
    {
        ServiceFixture hublet;
        hublet.setXet(false);
        publish(hublet);
        hublet.setXet(true);
        const auto conversion = [&hublet]() -> std::optional<TransferInfo> {
            for (const TransferInfo& transfer : hublet->transfers().snapshot()) {
                if (transfer.direction == TransferDirection::Conversion && transfer.endedMs != 0)
                    return transfer;
            }
            return std::nullopt;
        };
        QTRY_VERIFY(conversion());
        QCOMPARE(conversion()->repository, QStringLiteral("hf-local"));
        QCOMPARE(conversion()->error, QString());
        QCOMPARE(conversion()->done, conversion()->total);
    }
};

QTEST_GUILESS_MAIN(TestXetConversion)
#include "tst_xetconversion.moc"
