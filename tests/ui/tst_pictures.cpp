// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/desk.h"
#include "tests/ui/heldconversion.h"
#include "ui/browse/browsecommands.h"
#include "ui/browse/browsewidget.h"
#include "ui/contrast.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/newpackagedialog.h"
#include "ui/dialogs/newrefdialog.h"
#include "ui/dialogs/newrepositorydialog.h"
#include "ui/dialogs/welcomedialog.h"
#include "ui/jobs/job.h"
#include "ui/translations.h"
#include "ui/upload/uploadsheet.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QStandardPaths>
#include <QStyleFactory>
#include <QTabWidget>
#include <QTableView>
#include <QTextBrowser>
#include <QToolButton>

using namespace hublet;
using namespace hublet::ui;
using test::Desk;
using test::mainKeys;
using test::named;
using test::packageKeys;

/// Brings the window into each state that a user sees, in light and dark, checks that it came there and
/// writes what it looks like (windowdriver.h). With QT_SCALE_FACTOR=2 the same at 200 %.
class PicturesTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void empty_data() { themes(); }
    void empty();
    void selections_data() { themes(); }
    void selections();
    void filter_data() { themes(); }
    void filter();
    void xet_data() { themes(); }
    void xet();
    void upload_data() { themes(); }
    void upload();
    void transfers_data() { themes(); }
    void transfers();
    void dialogs_data() { themes(); }
    void dialogs();

private:
    static void themes();
    static void fill(test::World& world);
    /// Shows the window with the settled size, in the state that the test brought it to.
    static void snap(test::World& world, QWidget& window, const QString& name);
};

namespace {

const char* const Card = R"(---
license: apache-2.0
language: en
pipeline_tag: feature-extraction
---
# Bert, tiny

A small encoder for English, made for tests and for machines without a graphics card.

| | bert-tiny | bert-base |
|---|---|---|
| Layers | 2 | 12 |
| Hidden size | 128 | 768 |
| Parameters | 4.4 M | 110 M |

## How to use it

```python
from transformers import AutoModel, AutoTokenizer

tokenizer = AutoTokenizer.from_pretrained("acme/bert-tiny")
model = AutoModel.from_pretrained("acme/bert-tiny")
```

## What it is not for

Anything where the answer matters. It was trained for an afternoon.
)";

QPalette darkPalette()
{
    QPalette dark;
    const QColor window(0x2a, 0x2e, 0x32);
    const QColor base(0x1b, 0x1e, 0x20);
    const QColor text(0xfc, 0xfc, 0xfc);
    const QColor faint(0xa1, 0xa9, 0xb1);
    for (const auto role : {QPalette::Window, QPalette::Button, QPalette::ToolTipBase})
        dark.setColor(role, window);
    dark.setColor(QPalette::Base, base);
    dark.setColor(QPalette::AlternateBase, QColor(0x23, 0x26, 0x29));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText,
                            QPalette::BrightText, QPalette::HighlightedText})
        dark.setColor(role, text);
    dark.setColor(QPalette::PlaceholderText, faint);
    dark.setColor(QPalette::Highlight, QColor(0x2a, 0x6f, 0xb0));
    dark.setColor(QPalette::Link, QColor(0x5d, 0xae, 0xf0));
    dark.setColor(QPalette::Light, QColor(0x40, 0x46, 0x4c));
    dark.setColor(QPalette::Midlight, QColor(0x36, 0x3b, 0x40));
    dark.setColor(QPalette::Mid, QColor(0x4d, 0x53, 0x59));
    dark.setColor(QPalette::Dark, QColor(0x15, 0x17, 0x19));
    dark.setColor(QPalette::Shadow, Qt::black);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        dark.setColor(QPalette::Disabled, role, QColor(0x70, 0x76, 0x7c));
    return dark;
}

} // namespace

void PicturesTest::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    installTranslations(*qApp);
    keepFaintTextReadable(*qApp);
}

void PicturesTest::init()
{
    QFETCH(bool, dark);
    QApplication::setPalette(dark ? darkPalette() : QApplication::style()->standardPalette());
}

void PicturesTest::themes()
{
    QTest::addColumn<bool>("dark");
    QTest::newRow("light") << false;
    QTest::newRow("dark") << true;
}

void PicturesTest::snap(test::World& world, QWidget& window, const QString& name)
{
    // What is fetched on the worker threads may ask for more.
    for (int round = 0; round < 3; ++round) {
        world.services().workers().waitForDone();
        QCoreApplication::processEvents();
    }
    test::picture(window, QString::fromLatin1(QTest::currentDataTag()) + u'-' + name);
}

void PicturesTest::fill(test::World& world)
{
    const QByteArray weights = test::noise(1 << 20);
    const QByteArray tuned = weights.left(weights.size() * 3 / 4) + test::noise(weights.size() / 4);
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("Add weights"),
                 {{"README.md", Card},
                  {"config.json", "{\"hidden_size\": 128}"},
                  {"model.safetensors", weights},
                  {"onnx/model.onnx", test::noise(600'000)},
                  {"onnx/model_quantized.onnx", test::noise(160'000)},
                  {"tokenizer.json", QByteArray(40'000, ' ')}});
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("v1.0"), QStringLiteral("Release 1.0"),
                 {{"model.safetensors", tuned}});
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"),
                 QStringLiteral("Round the weights to 16 bits"),
                 {{"config.json", "{\"hidden_size\": 128 }"}});
    world.commit(QStringLiteral("acme/sentence-mini-l6"), QStringLiteral("main"), QStringLiteral("First"),
                 {{"config.json", "{}"}, {"model.safetensors", test::noise(300'000)}});
    world.commit(QStringLiteral("research/speech-small-en"), QStringLiteral("main"), QStringLiteral("First"),
                 {{"config.json", "{}"}});
    world.commit(QStringLiteral("acme/reviews"), QStringLiteral("main"), QStringLiteral("First"),
                 {{"data/train.parquet", test::noise(200'000)}}, PackageType::Dataset);
}

void PicturesTest::empty()
{
    Desk desk;
    desk.server.start();
    QVERIFY(desk.select({QStringLiteral("hf-local")}));
    auto* tabs = named<QTabWidget>(desk.window, "detailsTabs");
    QTRY_COMPARE(tabs->tabText(tabs->currentIndex()).remove(u'&'), QStringLiteral("Set Me Up"));
    snap(desk.world, desk.window, QStringLiteral("empty-repository"));

    desk.world.removeRepository(QStringLiteral("hf-local"));
    QTRY_VERIFY(!desk.tree->isVisible());
    snap(desk.world, desk.window, QStringLiteral("empty-start"));
}

void PicturesTest::selections()
{
    Desk desk;
    fill(desk.world);
    desk.server.start();
    QVERIFY(desk.select(mainKeys({QStringLiteral("onnx"), QStringLiteral("model.onnx")})));
    QVERIFY(desk.select(packageKeys() + QStringList{QStringLiteral("earlier")}));
    desk.tree->expand(desk.tree->currentIndex());
    QTRY_VERIFY(desk.tree->model()->rowCount(desk.tree->currentIndex()) > 0);
    const QPersistentModelIndex commit = desk.tree->model()->index(0, 0, desk.tree->currentIndex());

    QVERIFY(desk.select(packageKeys()));
    desk.showTab(QStringLiteral("Card"));
    QTRY_VERIFY(
        named<QTextBrowser>(desk.window, "card")->toPlainText().contains(QStringLiteral("small encoder")));
    snap(desk.world, desk.window, QStringLiteral("package-card"));
    desk.showTab(QStringLiteral("Set Me Up"));
    snap(desk.world, desk.window, QStringLiteral("set-me-up"));
    desk.showTab(QStringLiteral("History"));
    QTRY_VERIFY(named<QTableView>(desk.window, "history")->model()->rowCount() > 1);
    snap(desk.world, desk.window, QStringLiteral("package-history"));

    const std::vector<std::pair<QString, QStringList>> rows{
        {QStringLiteral("repository"), packageKeys().mid(0, 1)},
        {QStringLiteral("type"), packageKeys().mid(0, 2)},
        {QStringLiteral("organisation"), packageKeys().mid(0, 3)},
        {QStringLiteral("package"), packageKeys()},
        {QStringLiteral("branch"), mainKeys()},
        {QStringLiteral("folder"), mainKeys({QStringLiteral("onnx")})},
        {QStringLiteral("file"), mainKeys({QStringLiteral("onnx"), QStringLiteral("model.onnx")})},
    };
    for (const auto& [name, keys] : rows) {
        QVERIFY(desk.select(keys));
        desk.showTab(QStringLiteral("Details"));
        snap(desk.world, desk.window, name);
    }
    desk.tree->setCurrentIndex(commit);
    snap(desk.world, desk.window, QStringLiteral("commit"));

    const QString longName = QStringLiteral("a very long name ").repeated(10) + QStringLiteral("ends.txt");
    desk.world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("Long"),
                      {{longName.toUtf8(), "1"}});
    QVERIFY(desk.select(mainKeys({longName})));
    snap(desk.world, desk.window, QStringLiteral("file-long"));
    desk.window.resize(640, 480);
    snap(desk.world, desk.window, QStringLiteral("narrow"));
    desk.showTab(QStringLiteral("Set Me Up"));
    snap(desk.world, desk.window, QStringLiteral("set-me-up-file"));
}

void PicturesTest::filter()
{
    Desk desk;
    fill(desk.world);
    auto* edit = named<QLineEdit>(desk.window, "filter");
    QVERIFY(desk.select(packageKeys().mid(0, 1)));
    edit->setText(QStringLiteral("mini"));
    const QStringList found = packageKeys().mid(0, 3) + QStringList{QStringLiteral("acme/sentence-mini-l6")};
    QTRY_VERIFY(desk.has(found));
    QTRY_VERIFY(!desk.has(packageKeys()));
    snap(desk.world, desk.window, QStringLiteral("filter"));
    edit->setText(QStringLiteral("nobody has this"));
    QTRY_VERIFY(!desk.tree->isVisible());
    snap(desk.world, desk.window, QStringLiteral("filter-nothing"));
}

void PicturesTest::xet()
{
    Desk desk;
    fill(desk.world);
    desk.server.start();
    auto* toggle = named<QCheckBox>(desk.window, "xetSwitch");
    auto* button = named<QPushButton>(desk.window, "conversionButton");
    QVERIFY(desk.select(packageKeys().mid(0, 1)));
    desk.showTab(QStringLiteral("Details"));
    const auto turn = [&](const QString& name) {
        toggle->click();
        const auto question = [&] {
            return desk.window.findChild<QMessageBox*>(QStringLiteral("xetQuestion"));
        };
        QTRY_VERIFY(question());
        snap(desk.world, *question(), name);
        question()->defaultButton()->click();
    };
    test::HeldConversion held(desk.world.services());
    turn(QStringLiteral("xet-turn-off"));
    QTRY_VERIFY(held.isHeld());
    service::TransferInfo info;
    info.direction = service::TransferDirection::Conversion;
    info.repository = QStringLiteral("hf-local");
    info.total = 3LL << 30;
    auto progress = desk.world.services().transfers().start(info);
    progress->setDone(1'300'000'000);
    auto* bar = named<QWidget>(desk.window, "conversion")->findChild<QProgressBar*>();
    QTRY_VERIFY(bar->isVisible() && bar->value() > 0);
    snap(desk.world, desk.window, QStringLiteral("xet-converting"));
    button->click();
    progress.reset();
    held.release();
    QTRY_VERIFY(!bar->isVisible());
    snap(desk.world, desk.window, QStringLiteral("xet-stopped"));
    button->click();
    QTRY_VERIFY(!button->isVisible());
    turn(QStringLiteral("xet-turn-on"));
}

void PicturesTest::upload()
{
    Desk desk;
    fill(desk.world);
    desk.server.start();
    QVERIFY(desk.select(mainKeys()));
    QTemporaryDir disk;
    const QString folder = disk.filePath(QStringLiteral("bert-tiny"));
    QDir().mkpath(folder + QStringLiteral("/onnx"));
    const auto write = [&](const QString& name, const QByteArray& bytes, qint64 size) {
        QFile file(folder + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.resize(size));
    };
    write(QStringLiteral("README.md"), Card, qint64(qstrlen(Card)));
    write(QStringLiteral("config.json"), "{\"hidden_size\": 256}", 20);
    write(QStringLiteral("model.safetensors"), "weights", 3LL << 30);
    write(QStringLiteral("onnx/model.onnx"), "onnx", 600'000);
    QVERIFY(QFile::link(folder + QStringLiteral("/nowhere"), folder + QStringLiteral("/link")));

    auto* browse = desk.window.findChild<BrowseWidget*>();
    browse->commands().upload(browse->selected(), {folder});
    auto* sheet = desk.window.findChild<UploadSheet*>();
    QVERIFY(sheet);
    auto* start = named<QPushButton>(*sheet, "uploadButton");
    QTRY_VERIFY_WITH_TIMEOUT(start->isEnabled(), 30'000);
    snap(desk.world, *sheet, QStringLiteral("upload-plan"));
    start->click();
    auto* bar = sheet->findChild<QProgressBar*>();
    QTRY_VERIFY_WITH_TIMEOUT(bar->value() > 20, 30'000);
    snap(desk.world, *sheet, QStringLiteral("upload-running"));
    named<QPushButton>(*sheet, "uploadHide")->click();
    QTRY_VERIFY(desk.window.findChild<QFrame*>(QStringLiteral("job")));
    QTRY_VERIFY_WITH_TIMEOUT(!named<QLabel>(desk.window, "uploads")->text().isEmpty(), 5'000);
    snap(desk.world, desk.window, QStringLiteral("upload-background"));
    named<QToolButton>(desk.window, "jobClose")->click();
    QTRY_VERIFY_WITH_TIMEOUT(
        named<QLabel>(desk.window, "jobText")->text().contains(QStringLiteral("Cancelled")), 30'000);
    snap(desk.world, desk.window, QStringLiteral("upload-cancelled"));
}

void PicturesTest::transfers()
{
    using service::TransferDirection;
    Desk desk;
    desk.server.start();
    desk.window.showPage(MainWindow::Page::Transfers);
    snap(desk.world, desk.window, QStringLiteral("transfers-empty"));

    const auto start = [&](TransferDirection direction, const QString& file, qint64 total, qint64 done) {
        service::TransferInfo info;
        info.direction = direction;
        info.principal = QStringLiteral("admin");
        info.client = QStringLiteral("unknown/None; hf_hub/2.4.0; python/3.11.7; hf_xet/1.8.0");
        info.repository = QStringLiteral("hf-local");
        info.package = QStringLiteral("models/acme/bert-tiny");
        info.revision = QStringLiteral("main");
        info.file = file;
        info.total = total;
        auto handle = desk.world.services().transfers().start(info);
        handle->add(done);
        return handle;
    };
    start(TransferDirection::Download, QStringLiteral("config.json"), 480, 480);
    start(TransferDirection::Upload, QStringLiteral("old.bin"), 900'000, 300'000)
        ->fail(QStringLiteral("The client ended the upload early"));
    const auto up =
        start(TransferDirection::Upload, QStringLiteral("model.safetensors"), 400 << 20, 170 << 20);
    const auto xet = start(TransferDirection::Upload, QStringLiteral("Xet data"), 64 << 20, 12 << 20);
    const auto more = start(TransferDirection::Upload, QStringLiteral("Xet data"), 64 << 20, 64 << 20);
    const auto down = start(TransferDirection::Download, QStringLiteral("tokenizer.json"), -1, 20'000);
    QTRY_VERIFY(named<QTableView>(desk.window, "transfers")->model()->rowCount() == 5);
    snap(desk.world, desk.window, QStringLiteral("transfers"));
}

void PicturesTest::dialogs()
{
    test::World world;
    test::FakeServer server;
    const auto shown = [&world](QDialog& dialog, const QString& name) {
        dialog.show();
        snap(world, dialog, name);
    };
    WelcomeDialog welcome(world.services(), server);
    shown(welcome, QStringLiteral("dialog-welcome"));
    NewRepositoryDialog repository(world.services());
    repository.show(); // what is wrong comes while it is open
    named<QLineEdit>(repository, "repositoryKey")->setText(QStringLiteral("team b"));
    shown(repository, QStringLiteral("dialog-new-repository"));
    NewPackageDialog package(world.services(), {QStringLiteral("hf-local")}, QStringLiteral("hf-local"),
                             PackageType::Model, QStringLiteral("acme"));
    named<QLineEdit>(package, "packageName")->setText(QStringLiteral("bert-tiny"));
    shown(package, QStringLiteral("dialog-new-package"));
    DeleteDialog deletion(
        QStringLiteral("the model acme/bert-tiny"),
        QStringLiteral("All its branches, tags and commits go with it. This cannot be undone."),
        QStringLiteral("acme/bert-tiny"), [] { return QFuture<Result<void>>(); });
    deletion.show();
    QTest::keyClicks(named<QLineEdit>(deletion, "typedName"), QStringLiteral("acme/bert\r"));
    shown(deletion, QStringLiteral("dialog-delete"));
    QVERIFY(!named<QPushButton>(deletion, "deleteButton")->isEnabled());
}

QTEST_MAIN(PicturesTest)
#include "tst_pictures.moc"
