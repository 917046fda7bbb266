// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/windowdriver.h"
#include "tests/ui/world.h"
#include "ui/browse/browsemodel.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/newpackagedialog.h"
#include "ui/dialogs/newrefdialog.h"
#include "ui/dialogs/newrepositorydialog.h"
#include "ui/dialogs/welcomedialog.h"
#include "ui/mainwindow.h"
#include "ui/widgets/elidedlabel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

#include <ctime>

using namespace hublet;
using namespace hublet::ui;
using test::named;
using test::picture;
using test::select;
using test::type;

namespace {

/// The watchdog of the GUI thread: asks the event loop every few milliseconds to answer and measures how long
/// it kept the asker waiting. By the clock a busy machine adds to it, so that bound is wide; what the thread
/// itself worked is exact.
class Pulse {
public:
    static constexpr double LongestGapMs = 100; // ARCHITECTURE 5
    static constexpr double MachineFactor = 10;

    Pulse()
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { measure(); });
        m_timer.start(5);
    }
    void check()
    {
        m_timer.stop();
        qInfo() << "longest gap of the event loop:" << m_longestWork << "ms of work," << m_longestWait
                << "ms by the clock";
        QVERIFY2(m_longestWork <= LongestGapMs, "The GUI thread worked for too long");
        QVERIFY2(m_longestWait <= LongestGapMs * MachineFactor, "The GUI thread waited for something");
    }

private:
    void measure()
    {
        const double asked = clockMs(CLOCK_MONOTONIC);
        const double worked = clockMs(CLOCK_THREAD_CPUTIME_ID);
        m_longestWait = std::max(m_longestWait, asked - m_asked);
        m_longestWork = std::max(m_longestWork, worked - m_worked);
        m_asked = asked;
        m_worked = worked;
    }
    static double clockMs(clockid_t clock)
    {
        timespec time{};
        clock_gettime(clock, &time);
        return double(time.tv_sec) * 1e3 + double(time.tv_nsec) / 1e6;
    }
    QTimer m_timer;
    double m_asked = clockMs(CLOCK_MONOTONIC);
    double m_worked = clockMs(CLOCK_THREAD_CPUTIME_ID);
    double m_longestWait = 0;
    double m_longestWork = 0;
};

} // namespace

class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void startsAndStopsTheServer();
    void saysWhyTheServerDidNotStart();
    void showsCardDetailsAndSetMeUp();
    void createsARepositoryAndAPackage();
    void refusesBadNamesWhileTyping();
    void deletesOnlyAfterTheNameWasTyped();
    void neverFreezesWhileAClientUploads();
    void opensAHugeFolderWithoutAStall();
    void copiesNamesAndAddresses();
    void keysActOnTheTreeOnly();
    void deletesAFileWithACommit();
    void makesABranchAndATag();
    void remembersItsSize();
    void welcomesOnce();
    void everyControlHasAName();
};

void MainWindowTest::startsAndStopsTheServer()
{
    test::World world;
    test::FakeServer server;
    MainWindow window(world.services(), server);
    window.show();
    QCOMPARE(named<QLabel>(window, "serverState")->text(), QStringLiteral("Stopped"));
    QTest::mouseClick(named<QPushButton>(window, "serverSwitch"), Qt::LeftButton);
    QCOMPARE(server.state(), service::ServerControl::State::Serving);
    QCOMPARE(named<QLabel>(window, "serverState")->text(), QStringLiteral("Serving"));
    QCOMPARE(named<QLabel>(window, "serverAddress")->text(), server.address());
    for (auto* button : window.findChildren<QToolButton*>()) {
        if (button->accessibleName() == QStringLiteral("Copy the address"))
            button->click();
    }
    QCOMPARE(QGuiApplication::clipboard()->text(), server.address());
    QTest::mouseClick(named<QPushButton>(window, "serverSwitch"), Qt::LeftButton);
    QCOMPARE(server.state(), service::ServerControl::State::Stopped);
}

void MainWindowTest::saysWhyTheServerDidNotStart()
{
    test::World world;
    test::FakeServer server;
    MainWindow window(world.services(), server);
    window.show();
    server.failWith(QStringLiteral("Port 8082 is in use."));
    QCOMPARE(named<QLabel>(window, "serverState")->text(), QStringLiteral("Not serving"));
    QVERIFY(named<QLabel>(window, "warning")->text().contains(QStringLiteral("Port 8082 is in use.")));
}

void MainWindowTest::showsCardDetailsAndSetMeUp()
{
    test::World world;
    test::FakeServer server;
    server.start();
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("Add weights"),
                 {{"README.md", "---\nlicense: mit\n---\n# Bert, tiny\n\nA small model for tests.\n\n| a | b "
                                "|\n|---|---|\n| 1 | 2 |\n"},
                  {"config.json", "{}"},
                  {"weights/model.safetensors", QByteArray(70'000, 'x')}});
    MainWindow window(world.services(), server);
    window.resize(1180, 720);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    const QStringList package{QStringLiteral("hf-local"), QStringLiteral("models"), QStringLiteral("acme"),
                              QStringLiteral("acme/bert-tiny")};
    QVERIFY(select(tree, package));
    QCOMPARE(named<ElidedLabel>(window, "detailsTitle")->text(), QStringLiteral("acme/bert-tiny"));
    auto* tabs = named<QTabWidget>(window, "detailsTabs");
    QCOMPARE(tabs->tabText(0), QStringLiteral("Card"));
    QTRY_VERIFY(tabs->widget(0)
                    ->property("plainText")
                    .toString()
                    .contains(QStringLiteral("A small model for tests.")));
    QVERIFY(!tabs->widget(0)->property("plainText").toString().contains(QStringLiteral("license")));
    QVERIFY(select(tree, package + QStringList{QStringLiteral("refs/heads/main"), QStringLiteral("weights"),
                                               QStringLiteral("model.safetensors")}));
    QVERIFY(select(tree, package));
    tabs->setCurrentIndex(0);
    picture(window, QStringLiteral("card"));

    tabs->setCurrentIndex(1);
    picture(window, QStringLiteral("details"));
    test::action(window, QStringLiteral("Set Me Up"))->trigger();
    QCOMPARE(tabs->tabText(tabs->currentIndex()), QStringLiteral("Set Me Up"));
    QString allText;
    for (auto* text : tabs->currentWidget()->findChildren<QPlainTextEdit*>())
        allText += text->toPlainText();
    QVERIFY(allText.contains(QStringLiteral("http://127.0.0.1:8082/artifactory/api/huggingfaceml/hf-local")));
    QVERIFY(allText.contains(QStringLiteral("acme/bert-tiny")));
    named<QPushButton>(window, "setMeUpCreateToken")->click();
    QTRY_VERIFY([&] {
        for (auto* text : tabs->currentWidget()->findChildren<QPlainTextEdit*>()) {
            if (text->toPlainText().contains(QStringLiteral("hf_")))
                return true;
        }
        return false;
    }());
    picture(window, QStringLiteral("setmeup"));

    QVERIFY(select(tree, package + QStringList{QStringLiteral("refs/heads/main"), QStringLiteral("weights"),
                                               QStringLiteral("model.safetensors")}));
    QCOMPARE(named<ElidedLabel>(window, "detailsTitle")->text(), QStringLiteral("weights/model.safetensors"));
    tabs->setCurrentWidget(named<QWidget>(window, "facts"));
    QTRY_VERIFY([&] {
        for (auto* label : tabs->currentWidget()->findChildren<QLabel*>()) {
            if (label->text() == QStringLiteral("Add weights"))
                return true;
        }
        return false;
    }());
    picture(window, QStringLiteral("file"));
}

void MainWindowTest::createsARepositoryAndAPackage()
{
    test::World world;
    test::FakeServer server;
    MainWindow window(world.services(), server);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    QVERIFY(select(tree, {QStringLiteral("hf-local")}));

    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keySequence(&window, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    auto* repository = window.findChild<NewRepositoryDialog*>();
    QVERIFY(repository);
    type(named<QLineEdit>(*repository, "repositoryKey"), QStringLiteral("team-b"));
    picture(*repository, QStringLiteral("new-repository"));
    QTest::keyClick(repository, Qt::Key_Return);
    QVERIFY(select(tree, {QStringLiteral("team-b")}));

    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    QTest::keySequence(&window, QKeySequence::New);
    auto* package = window.findChild<NewPackageDialog*>();
    QVERIFY(package);
    type(named<QLineEdit>(*package, "packageOrganisation"), QStringLiteral("acme"));
    type(named<QLineEdit>(*package, "packageName"), QStringLiteral("bert-tiny"));
    QTest::keyClick(package, Qt::Key_Return);
    QVERIFY(select(tree, {QStringLiteral("team-b"), QStringLiteral("models"), QStringLiteral("acme"),
                          QStringLiteral("acme/bert-tiny"), QStringLiteral("refs/heads/main")}));
}

void MainWindowTest::refusesBadNamesWhileTyping()
{
    test::World world;
    NewPackageDialog dialog(world.services(), {QStringLiteral("hf-local")}, QStringLiteral("hf-local"),
                            PackageType::Model, {});
    dialog.show();
    type(named<QLineEdit>(dialog, "packageOrganisation"), QStringLiteral("acme"));
    type(named<QLineEdit>(dialog, "packageName"), QStringLiteral("bert--tiny"));
    QVERIFY(!named<QLabel>(dialog, "problem")->text().isEmpty());
    QTest::keyClick(&dialog, Qt::Key_Return);
    QVERIFY(dialog.isVisible());

    NewRepositoryDialog taken(world.services());
    taken.show();
    type(named<QLineEdit>(taken, "repositoryKey"), QStringLiteral("HF-local"));
    QTest::keyClick(&taken, Qt::Key_Return);
    QTRY_VERIFY(!named<QLabel>(taken, "problem")->text().isEmpty());
    QVERIFY(taken.isVisible());
}

void MainWindowTest::deletesOnlyAfterTheNameWasTyped()
{
    test::World world;
    test::FakeServer server;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a", "1"}});
    MainWindow window(world.services(), server);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    const QStringList keys{QStringLiteral("hf-local"), QStringLiteral("models"), QStringLiteral("acme"),
                           QStringLiteral("acme/bert-tiny")};
    QVERIFY(select(tree, keys));
    test::action(window, QStringLiteral("Delete…"))->trigger();
    auto* dialog = window.findChild<DeleteDialog*>();
    QVERIFY(dialog);
    auto* button = named<QPushButton>(*dialog, "deleteButton");
    QVERIFY(!button->isEnabled());
    type(named<QLineEdit>(*dialog, "typedName"), QStringLiteral("acme/bert"));
    QVERIFY(!button->isEnabled());
    QTest::keyClicks(named<QLineEdit>(*dialog, "typedName"), QStringLiteral("-tiny"));
    QVERIFY(button->isEnabled());
    picture(*dialog, QStringLiteral("delete"));
    QTest::mouseClick(button, Qt::LeftButton);
    auto* model = qobject_cast<BrowseModel*>(tree->model());
    QTRY_VERIFY(!model->find(keys).isValid());
}

/// A package with 100,000 files in one folder: opening it, going to its end, and a commit into it.
void MainWindowTest::opensAHugeFolderWithoutAStall()
{
    constexpr int Files = 100'000;
    test::World world;
    std::vector<test::World::File> files;
    for (int i = 0; i < Files; ++i)
        files.push_back({"data/" + QByteArray::number(i).rightJustified(6, '0'), "x"});
    world.commit(QStringLiteral("acme/huge"), QStringLiteral("main"), QStringLiteral("huge"), files);
    test::FakeServer server;
    MainWindow window(world.services(), server);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    const auto* model = qobject_cast<BrowseModel*>(tree->model());
    const QStringList folder{
        QStringLiteral("hf-local"),  QStringLiteral("models"),          QStringLiteral("acme"),
        QStringLiteral("acme/huge"), QStringLiteral("refs/heads/main"), QStringLiteral("data")};
    Pulse pulse;
    QVERIFY(select(tree, folder));
    tree->expand(model->find(folder));
    QTRY_VERIFY(model->rowCount(model->find(folder)) >= BrowseModel::PageSize);
    for (int page = 2; page <= 20; ++page) {
        tree->scrollToBottom();
        QTRY_VERIFY(model->rowCount(model->find(folder)) >= page * BrowseModel::PageSize);
    }
    auto upload = world.services().workers().run([&] {
        world.commit(QStringLiteral("acme/huge"), QStringLiteral("main"), QStringLiteral("one more"),
                     {{"data/000000a", "new"}});
        return true;
    });
    QTRY_VERIFY_WITH_TIMEOUT(model->find(folder + QStringList{QStringLiteral("000000a")}).isValid(), 20'000);
    pulse.check();
    QVERIFY(upload.isFinished());
}

void MainWindowTest::copiesNamesAndAddresses()
{
    test::World world;
    test::FakeServer server;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a b/c.txt", "1"}});
    MainWindow window(world.services(), server);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    const QStringList main{QStringLiteral("hf-local"), QStringLiteral("models"), QStringLiteral("acme"),
                           QStringLiteral("acme/bert-tiny"), QStringLiteral("refs/heads/main")};
    QVERIFY(select(tree, main + QStringList{QStringLiteral("a b"), QStringLiteral("c.txt")}));
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));
    tree->setFocus();
    QTest::keySequence(tree, QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("a b/c.txt"));
    test::action(window, QStringLiteral("Copy Address"))->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             server.address() + QStringLiteral("/artifactory/api/huggingfaceml/hf-local/acme/bert-tiny/"
                                               "resolve/main/a%20b/c.txt"));
}

void MainWindowTest::keysActOnTheTreeOnly()
{
    test::World world;
    test::FakeServer server;
    MainWindow window(world.services(), server);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    QVERIFY(select(tree, {QStringLiteral("hf-local")}));
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));

    QTest::keySequence(&window, QKeySequence::Find);
    auto* filter = named<QLineEdit>(window, "filter");
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, QStringLiteral("abc"));
    QTest::keyClick(filter, Qt::Key_Home);
    QTest::keyClick(filter, Qt::Key_Delete); // edits the text, and no repository
    QCOMPARE(filter->text(), QStringLiteral("bc"));
    QVERIFY(!window.findChild<DeleteDialog*>());
    filter->clear();
    QTRY_VERIFY(tree->isVisible() && tree->model()->rowCount() == 1);

    QVERIFY(select(tree, {QStringLiteral("hf-local")}));
    tree->setFocus();
    QTest::keyClick(tree, Qt::Key_Return);
    const bool wasExpanded = tree->isExpanded(tree->currentIndex());
    QTest::keyClick(tree, Qt::Key_Return);
    QVERIFY(tree->isExpanded(tree->currentIndex()) != wasExpanded);
    QTest::keyClick(tree, Qt::Key_Delete);
    QVERIFY(window.findChild<DeleteDialog*>());
}

void MainWindowTest::deletesAFileWithACommit()
{
    test::World world;
    test::FakeServer server;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a.txt", "1"}, {"b.txt", "2"}});
    MainWindow window(world.services(), server);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    const auto* model = qobject_cast<BrowseModel*>(tree->model());
    const QStringList main{QStringLiteral("hf-local"), QStringLiteral("models"), QStringLiteral("acme"),
                           QStringLiteral("acme/bert-tiny"), QStringLiteral("refs/heads/main")};
    QVERIFY(select(tree, main + QStringList{QStringLiteral("a.txt")}));
    test::action(window, QStringLiteral("Delete…"))->trigger();
    auto* dialog = window.findChild<DeleteDialog*>();
    QVERIFY(dialog);
    QVERIFY(!named<QLineEdit>(*dialog, "typedName")->isVisible());
    QTest::mouseClick(named<QPushButton>(*dialog, "deleteButton"), Qt::LeftButton);
    QTRY_VERIFY(!model->find(main + QStringList{QStringLiteral("a.txt")}).isValid());
    QVERIFY(model->find(main + QStringList{QStringLiteral("b.txt")}).isValid());
}

void MainWindowTest::makesABranchAndATag()
{
    test::World world;
    test::FakeServer server;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a.txt", "1"}});
    MainWindow window(world.services(), server);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    const auto* model = qobject_cast<BrowseModel*>(tree->model());
    const QStringList package{QStringLiteral("hf-local"), QStringLiteral("models"), QStringLiteral("acme"),
                              QStringLiteral("acme/bert-tiny")};
    for (const auto& [text, name, key] :
         {std::tuple("New Branch…", "dev", "refs/heads/dev"), std::tuple("New Tag…", "v1", "refs/tags/v1")}) {
        QVERIFY(select(tree, package));
        test::action(window, QString::fromUtf8(text))->trigger();
        auto* dialog = window.findChild<NewRefDialog*>();
        QVERIFY(dialog);
        auto* edit = named<QLineEdit>(*dialog, "refName");
        type(edit, QStringLiteral("not a name"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        edit->clear();
        type(edit, QLatin1String(name));
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY(model->find(package + QStringList{QLatin1String(key)}).isValid());
        QTRY_VERIFY(!window.findChild<NewRefDialog*>());
    }
}

void MainWindowTest::remembersItsSize()
{
    test::World world;
    test::FakeServer server;
    QSize size;
    {
        MainWindow window(world.services(), server);
        window.show();
        window.resize(900, 500);
        size = window.size();
        window.close();
    }
    MainWindow window(world.services(), server);
    window.show();
    QCOMPARE(window.size(), size);
    QSettings().clear();
}

/// The event loop is asked every 5 ms to answer while a package with many files is written and listed.
void MainWindowTest::neverFreezesWhileAClientUploads()
{
    test::World world;
    test::FakeServer server;
    MainWindow window(world.services(), server);
    window.show();
    auto* tree = named<QTreeView>(window, "browseTree");
    QVERIFY(select(tree, {QStringLiteral("hf-local"), QStringLiteral("models")}));

    std::vector<test::World::File> files;
    for (int i = 0; i < 2000; ++i)
        files.push_back({"data/" + QByteArray::number(i) + ".txt", QByteArray::number(i)});
    auto upload = world.services().workers().run([&] {
        world.commit(QStringLiteral("acme/many"), QStringLiteral("main"), QStringLiteral("many"), files);
        return true;
    });
    Pulse pulse;
    const QStringList folder{
        QStringLiteral("hf-local"),  QStringLiteral("models"),          QStringLiteral("acme"),
        QStringLiteral("acme/many"), QStringLiteral("refs/heads/main"), QStringLiteral("data")};
    QVERIFY(QTest::qWaitFor([&] { return upload.isFinished(); }, 20000));
    QVERIFY(select(tree, folder));
    tree->expand(qobject_cast<BrowseModel*>(tree->model())->find(folder));
    QTRY_VERIFY(tree->model()->rowCount(qobject_cast<BrowseModel*>(tree->model())->find(folder)) >=
                BrowseModel::PageSize);
    pulse.check();
}

void MainWindowTest::welcomesOnce()
{
    test::World world;
    test::FakeServer server;
    QVERIFY(world.services().firstRun().has_value());
    WelcomeDialog dialog(world.services(), server);
    dialog.show();
    QString labels;
    for (auto* label : dialog.findChildren<QLabel*>())
        labels += label->text() + u'\n';
    QVERIFY(labels.contains(world.services().firstRun()->token));
    QVERIFY(dialog.findChild<QPlainTextEdit*>()->toPlainText().contains(QStringLiteral("HF_ENDPOINT")));
    picture(dialog, QStringLiteral("welcome"));
}

void MainWindowTest::everyControlHasAName()
{
    test::World world;
    test::FakeServer server;
    MainWindow window(world.services(), server);
    window.show();
    for (auto* view : window.findChildren<QAbstractItemView*>()) {
        if (view->isVisible() && view->objectName() != QStringLiteral("qt_spinbox_lineedit"))
            QVERIFY2(!view->accessibleName().isEmpty(), qPrintable(view->objectName()));
    }
    for (auto* button : window.findChildren<QToolButton*>()) {
        // Those inside a line edit are its own decoration.
        if (button->isVisible() && !qobject_cast<QLineEdit*>(button->parent()))
            QVERIFY2(!button->text().isEmpty() || !button->accessibleName().isEmpty(),
                     qPrintable(button->objectName()));
    }
}

QTEST_MAIN(MainWindowTest)
#include "tst_mainwindow.moc"
