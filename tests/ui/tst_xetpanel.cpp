// SPDX-License-Identifier: Apache-2.0
#include "core/base/humanformat.h"
#include "tests/ui/desk.h"
#include "tests/ui/heldconversion.h"
#include "ui/details/xetpanel.h"
#include "ui/widgets/sizetext.h"

#include <QCheckBox>
#include <QLabel>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QStandardPaths>

using namespace hublet;
using namespace hublet::ui;
using test::Desk;
using test::named;
using test::packageKeys;

/// A repository's Xet switch in its details, the conversion that it begins, and what is stored.
class XetPanelTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void turnsAtOnceWhenNothingIsConverted();
    void asksBeforeItConverts_data();
    void asksBeforeItConverts();
    void cancelLeavesEverything();
    void showsStopsAndResumesAConversion();
    void followsOthers();
    void keepsTheFocusWhileClientsUpload();
    void onlyAdministratorsTurnIt();
    void tellsWhatIsStored();
    void writesSizes();
    void showsFilesAndBytes();

private:
    static constexpr qint64 ModelBytes = 3'000'000;

    static test::Files model() { return {{"model.safetensors", test::noise(ModelBytes)}}; }
    static RepositoryKey key() { return *RepositoryKey::parse(QStringLiteral("hf-local")); }
    static bool isXet(test::World& world)
    {
        return world.services().browse().repository(key())->settings.xet;
    }
    static bool isConverting(test::World& world)
    {
        return world.services().repositories().isConverting(key());
    }
    static qint64 bytesInOtherForm(test::World& world, bool xet)
    {
        return world.services().repositories().inOtherForm(key(), xet)->bytes;
    }
    /// In the window's back, as hubletd does it.
    static void setXet(test::World& world, bool on)
    {
        auto settings = world.services().browse().repository(key())->settings;
        settings.xet = on;
        QVERIFY(world.services().repositories().change(*adminPermit(world.services()), key(), settings));
        QTRY_VERIFY(!isConverting(world));
    }
    static void showRepository(Desk& desk)
    {
        QVERIFY(desk.select({QStringLiteral("hf-local")}));
        desk.showTab(QStringLiteral("Details"));
    }
    static QMessageBox* question(Desk& desk)
    {
        return desk.window.findChild<QMessageBox*>(QStringLiteral("xetQuestion"));
    }
};

void XetPanelTest::turnsAtOnceWhenNothingIsConverted()
{
    Desk desk;
    showRepository(desk);
    auto* toggle = named<QCheckBox>(desk.window, "xetSwitch");
    QVERIFY(toggle->isChecked() && toggle->isEnabled());
    for (const bool on : {false, true}) {
        toggle->click();
        QTRY_COMPARE(isXet(desk.world), on);
        QVERIFY(!question(desk));
        QCOMPARE(toggle->isChecked(), on);
    }
    QVERIFY(!named<QWidget>(desk.window, "conversion")->isVisible());
}

void XetPanelTest::asksBeforeItConverts_data()
{
    QTest::addColumn<bool>("on");
    QTest::addColumn<QString>("consequence");
    QTest::newRow("on") << true << "Clients with hf_xet will use Xet.";
    QTest::newRow("off") << false << "Clients with hf_xet will not use Xet any more.";
}

void XetPanelTest::asksBeforeItConverts()
{
    QFETCH(bool, on);
    QFETCH(QString, consequence);
    Desk desk(model());
    setXet(desk.world, !on);
    showRepository(desk);
    auto* toggle = named<QCheckBox>(desk.window, "xetSwitch");
    QTRY_COMPARE(toggle->isChecked(), !on);
    const qint64 bytes = bytesInOtherForm(desk.world, on);
    QVERIFY(bytes >= ModelBytes);

    QVERIFY(desk.activate());
    toggle->setFocus();
    QTest::keyClick(toggle, Qt::Key_Space);
    QTRY_VERIFY(question(desk));
    QVERIFY(question(desk)->text().contains(QStringLiteral("hf-local")));
    const QString text = question(desk)->informativeText();
    QVERIFY2(text.contains(humanSize(bytes)) && text.contains(exactSize(bytes)), qPrintable(text));
    QVERIFY2(text.contains(QStringLiteral("stop that at any time")), qPrintable(text));
    QVERIFY2(text.contains(consequence), qPrintable(text));
    QCOMPARE(isXet(desk.world), !on);
    QTest::keyClick(question(desk), Qt::Key_Return);
    QTRY_COMPARE(isXet(desk.world), on);
    QTRY_COMPARE(bytesInOtherForm(desk.world, on), qint64(0));
    QCOMPARE(toggle->isChecked(), on);
    QTRY_VERIFY(!named<QWidget>(desk.window, "conversion")->isVisible());
}

void XetPanelTest::cancelLeavesEverything()
{
    Desk desk(model());
    showRepository(desk);
    auto* toggle = named<QCheckBox>(desk.window, "xetSwitch");
    toggle->click();
    QTRY_VERIFY(question(desk));
    QTest::keyClick(question(desk), Qt::Key_Escape);
    QTRY_VERIFY(toggle->isChecked());
    QTRY_VERIFY(!question(desk));
    QVERIFY(isXet(desk.world));
    QVERIFY(!isConverting(desk.world));
    QCOMPARE(bytesInOtherForm(desk.world, true), qint64(0));
    QVERIFY(named<QLabel>(desk.window, "xetExplanation")->text().contains(QStringLiteral("hf_xet send")));
}

void XetPanelTest::showsStopsAndResumesAConversion()
{
    Desk desk(model());
    setXet(desk.world, false);
    showRepository(desk);
    auto* row = named<QWidget>(desk.window, "conversion");
    auto* button = named<QPushButton>(desk.window, "conversionButton");
    auto* text = named<QLabel>(desk.window, "conversionText");
    test::HeldConversion held(desk.world.services());
    auto* toggle = named<QCheckBox>(desk.window, "xetSwitch");
    QTRY_VERIFY(!toggle->isChecked());
    toggle->click();
    QTRY_VERIFY(question(desk));
    question(desk)->defaultButton()->click();
    QTRY_VERIFY(held.isHeld());

    const QString size = humanSize(bytesInOtherForm(desk.world, true));
    QTRY_COMPARE(text->text(), QStringLiteral("0 bytes of %1 converted").arg(size));
    QVERIFY(row->findChild<QProgressBar*>()->isVisible());
    QCOMPARE(button->text(), QStringLiteral("Stop"));
    button->click();
    held.release();
    QTRY_COMPARE(button->text(), QStringLiteral("Convert the Rest"));
    QVERIFY(!row->findChild<QProgressBar*>()->isVisible());
    QVERIFY2(text->text().startsWith(size + QStringLiteral(" are still stored as whole files")),
             qPrintable(text->text()));
    QVERIFY(toggle->isChecked());

    button->click();
    QTRY_VERIFY(!row->isVisible());
    QCOMPARE(bytesInOtherForm(desk.world, true), qint64(0));
}

void XetPanelTest::followsOthers()
{
    Desk desk(model());
    showRepository(desk);
    auto* toggle = named<QCheckBox>(desk.window, "xetSwitch");
    QVERIFY(toggle->isChecked());
    setXet(desk.world, false);
    QTRY_VERIFY(!toggle->isChecked());
    QTRY_VERIFY(
        named<QLabel>(desk.window, "xetExplanation")->text().contains(QStringLiteral("stored whole")));
}

void XetPanelTest::keepsTheFocusWhileClientsUpload()
{
    Desk desk(model());
    showRepository(desk);
    QVERIFY(desk.activate());
    auto* toggle = named<QCheckBox>(desk.window, "xetSwitch");
    toggle->setFocus();
    QTRY_COMPARE(desk.fact(QStringLiteral("Packages"))->text(), QStringLiteral("1"));
    desk.world.commit(QStringLiteral("acme/other"), QStringLiteral("main"), QStringLiteral("first"),
                      {{"a.txt", "1"}});
    QTRY_COMPARE(desk.fact(QStringLiteral("Packages"))->text(), QStringLiteral("2"));
    QVERIFY(toggle->hasFocus());
}

void XetPanelTest::onlyAdministratorsTurnIt()
{
    test::World world;
    XetPanel panel(world.services());
    const auto repository = world.services().browse().repository(key());
    panel.setRepository(*repository, fail(ErrorCode::Forbidden, QStringLiteral("Administrators only.")));
    panel.show();
    QVERIFY(!named<QCheckBox>(panel, "xetSwitch")->isEnabled());
    QVERIFY(!named<QPushButton>(panel, "conversionButton")->isEnabled());
    QCOMPARE(named<QLabel>(panel, "xetExplanation")->text(), QStringLiteral("Administrators only."));
    panel.setRepository(*repository, adminPermit(world.services()));
    QVERIFY(named<QCheckBox>(panel, "xetSwitch")->isEnabled());
}

void XetPanelTest::tellsWhatIsStored()
{
    Desk desk(model());
    const QByteArray shared = test::noise(500'000);
    for (const QString& id : {QStringLiteral("acme/one"), QStringLiteral("acme/two")}) {
        desk.world.commit(id, QStringLiteral("main"), QStringLiteral("first"), {{"shared.bin", shared}});
    }
    const auto check = [&desk](const catalog::StorageUse& use) {
        const auto shows = [&desk](const QString& name, qint64 bytes) {
            QTRY_VERIFY(desk.fact(name) && desk.fact(name)->text().contains(humanSize(bytes)));
            QVERIFY(desk.fact(name)->toolTip().contains(exactSize(bytes)));
        };
        shows(QStringLiteral("Logical size"), use.logical);
        shows(QStringLiteral("Stored size"), use.stored);
        shows(QStringLiteral("Shared with others"), use.shared);
        QCOMPARE(desk.fact(QStringLiteral("Saved"))->text(),
                 QStringLiteral("%1 %").arg(use.savedPercent(), 0, 'f', 1));
    };
    showRepository(desk);
    QCOMPARE(desk.fact(QStringLiteral("Logical size"))->text(), QStringLiteral("…"));
    const auto ofAll = desk.world.services().repositories().storageUse(key());
    QVERIFY(ofAll->logical >= ofAll->stored + shared.size());
    check(*ofAll);

    QVERIFY(desk.select(packageKeys(QStringLiteral("acme/one"))));
    const auto id = PackageId::parse(PackageType::Model, QStringLiteral("acme/one"));
    const auto read = permit(desk.world.services(), access::Action::Read, key(), id->artifactPath());
    const auto ofOne = desk.world.services().repositories().storageUse(*read, *id);
    QVERIFY(ofOne->shared >= shared.size());
    check(*ofOne);
}

void XetPanelTest::writesSizes()
{
    QCOMPARE(humanSize(1), QStringLiteral("1 byte"));
    QCOMPARE(exactSize(1), QStringLiteral("1 byte"));
    QCOMPARE(humanAndExactSize(54), QStringLiteral("54 bytes"));
    QCOMPARE(humanAndExactSize(2048), QStringLiteral("2.0 KiB (%1)").arg(exactSize(2048)));
}

/// Many small files have next to no bytes, and take time all the same.
void XetPanelTest::showsFilesAndBytes()
{
    Desk desk(model());
    setXet(desk.world, false);
    showRepository(desk);
    test::HeldConversion held(desk.world.services());
    auto* toggle = named<QCheckBox>(desk.window, "xetSwitch");
    QTRY_VERIFY(!toggle->isChecked());
    toggle->click();
    QTRY_VERIFY(question(desk));
    question(desk)->defaultButton()->click();
    QTRY_VERIFY(held.isHeld());
    service::TransferInfo info;
    info.direction = service::TransferDirection::Conversion;
    info.repository = QStringLiteral("hf-local");
    info.total = 1000;
    info.totalFiles = 1000;
    auto progress = desk.world.services().transfers().start(info);
    progress->setDoneFiles(500);
    auto* bar = named<QWidget>(desk.window, "conversion")->findChild<QProgressBar*>();
    QTRY_VERIFY(bar->maximum() > 0 && bar->value() > bar->maximum() / 3);
    progress.reset();
    held.release();
}

QTEST_MAIN(XetPanelTest)
#include "tst_xetpanel.moc"
