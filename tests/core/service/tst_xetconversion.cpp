// SPDX-License-Identifier: Apache-2.0
#include "servicefixture.h"

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
