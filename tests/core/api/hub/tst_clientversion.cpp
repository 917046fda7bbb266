// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/clientversion.h"

#include <QTest>

using namespace hublet::api;

class ClientVersionTest : public QObject {
    Q_OBJECT

private slots:
    void versions_data()
    {
        QTest::addColumn<QByteArray>("userAgent");
        QTest::addColumn<int>("major"); ///< -1: another client
        QTest::addColumn<int>("minor");
        QTest::newRow("old") << QByteArray("unknown/None; hf_hub/0.19.4; python/3.11.2; torch/2.1") << 0
                             << 19;
        QTest::newRow("1.1") << QByteArray("transformers/5.0.0; hf_hub/1.1.7; python/3.12.1") << 1 << 1;
        QTest::newRow("development") << QByteArray("unknown/None; hf_hub/1.29.0.dev0; python/3.11") << 1
                                     << 29;
        QTest::newRow("2.4") << QByteArray("unknown/None; hf_hub/2.4.0; python/3.11.7") << 2 << 4;
        QTest::newRow("JavaScript") << QByteArray("node") << -1 << 0;
        QTest::newRow("none") << QByteArray() << -1 << 0;
        QTest::newRow("no number") << QByteArray("hf_hub/None") << -1 << 0;
        QTest::newRow("no minor") << QByteArray("hf_hub/1") << -1 << 0;
        QTest::newRow("cut") << QByteArray("hf_hub/1.") << -1 << 0;
        QTest::newRow("huge") << QByteArray("hf_hub/99999999999999999999.1") << -1 << 0;
    }
    void versions()
    {
        QFETCH(QByteArray, userAgent);
        QFETCH(int, major);
        QFETCH(int, minor);
        const auto version = hubClientVersion(userAgent);
        QCOMPARE(version.has_value(), major >= 0);
        if (version)
            QVERIFY((*version == HubClientVersion{major, minor}));
    }

    void order()
    {
        QVERIFY((HubClientVersion{0, 36} < kReadsPrefixedUrls));
        QVERIFY((HubClientVersion{1, 19} < kInsistsOnXet));
        QVERIFY((HubClientVersion{2, 0} >= kInsistsOnXet));
    }
};

QTEST_GUILESS_MAIN(ClientVersionTest)
#include "tst_clientversion.moc"
