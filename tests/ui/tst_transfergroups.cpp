// SPDX-License-Identifier: Apache-2.0
#include "ui/transfers/transfergroups.h"

#include <QTest>

using namespace hublet;
using namespace hublet::ui;
using service::TransferDirection;
using service::TransferInfo;

namespace {

TransferInfo part(qint64 id, qint64 startedMs, qint64 endedMs)
{
    TransferInfo info;
    info.id = id;
    info.client = QStringLiteral("hf_hub/2.4.0");
    info.repository = QStringLiteral("hf-local");
    info.package = QStringLiteral("models/acme/live");
    info.file = QStringLiteral("Xet data");
    info.total = 64;
    info.done = endedMs == 0 ? 10 : 64;
    info.startedMs = startedMs;
    info.endedMs = endedMs;
    return info;
}

} // namespace

class TransferGroupsTest : public QObject {
    Q_OBJECT

private slots:
    void oneEntryForThePartsOfAnUpload();
    void keepsApartWhatIsNotOneUpload();
    void namesTheClient_data();
    void namesTheClient();
};

void TransferGroupsTest::oneEntryForThePartsOfAnUpload()
{
    const auto groups = groupedTransfers({part(3, 3000, 0), part(2, 2000, 4000), part(1, 1000, 2500)});
    QCOMPARE(groups.size(), std::size_t(1));
    QCOMPARE(groups[0].id, qint64(1));
    QCOMPARE(groups[0].done, qint64(64 + 64 + 10));
    QCOMPARE(groups[0].total, qint64(-1));
    QCOMPARE(groups[0].startedMs, qint64(1000));
    QCOMPARE(groups[0].endedMs, qint64(0));
    QCOMPARE(groupedTransfers({part(2, 2000, 4000), part(1, 1000, 2500)})[0].endedMs, qint64(4000));
}

void TransferGroupsTest::keepsApartWhatIsNotOneUpload()
{
    QCOMPARE(groupedTransfers({part(2, 100'000, 101'000), part(1, 1000, 2000)}).size(), std::size_t(2));
    TransferInfo other = part(2, 1000, 2000);
    other.client = QStringLiteral("curl/7.88.1");
    QCOMPARE(groupedTransfers({part(1, 1000, 2000), other}).size(), std::size_t(2));
    TransferInfo download = part(1, 1000, 2000);
    download.direction = TransferDirection::Download;
    QCOMPARE(groupedTransfers({download, download}).size(), std::size_t(2));
    TransferInfo commit = part(1, 1000, 2000);
    commit.file.clear();
    QCOMPARE(groupedTransfers({commit, commit}).size(), std::size_t(2));
}

void TransferGroupsTest::namesTheClient_data()
{
    QTest::addColumn<QString>("agent");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* agent, const char* shown) {
        QTest::newRow(agent) << QString::fromLatin1(agent) << QString::fromLatin1(shown);
    };
    row("unknown/None; hf_hub/2.4.0; python/3.11.7", "hf_hub/2.4.0; python/3.11.7");
    row("curl/7.88.1", "curl/7.88.1");
    row("unknown/None", "unknown/None");
    row("", "");
}

void TransferGroupsTest::namesTheClient()
{
    QFETCH(QString, agent);
    QFETCH(QString, shown);
    QCOMPARE(clientText(agent), shown);
}

QTEST_GUILESS_MAIN(TransferGroupsTest)
#include "tst_transfergroups.moc"
