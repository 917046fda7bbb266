// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/desk.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/newpackagedialog.h"
#include "ui/dialogs/newrepositorydialog.h"
#include "ui/dialogs/welcomedialog.h"
#include "ui/transfers/transfermodel.h"
#include "ui/widgets/elidedlabel.h"

#include <QAction>
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSettings>
#include <QStandardPaths>
#include <QTabWidget>
#include <QTimer>
#include <QToolButton>
#include <QTreeView>

using namespace hublet;
using namespace hublet::ui;
using test::Desk;
using test::mainKeys;
using test::named;
using test::packageKeys;
using test::picture;
using test::type;

class MainWindowTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void startsAndStopsTheServer();
    void saysWhyTheServerDidNotStart();
    void showsCardDetailsAndSetMeUp();
    void createsARepositoryAndAPackage();
    void refusesBadNamesWhileTyping();
    void saysAllOfWhatIsWrong();
    void deletesOnlyAfterTheNameWasTyped();
    void returnWithAWrongNameSaysSo();
    void asksBeforeItCutsTransfers();
    void setMeUpTellsOfTheServer();
    void staysUsableWhenNarrow();
    void wrapsLongNames();
    void remembersItsSize();
    void welcomesOnce();
    void welcomeStaysUntilConfirmed();
    void everyControlHasAName();
};

void MainWindowTest::startsAndStopsTheServer()
{
    Desk desk;
    QCOMPARE(named<QLabel>(desk.window, "serverState")->text(), QStringLiteral("Stopped"));
    QTest::mouseClick(named<QPushButton>(desk.window, "serverSwitch"), Qt::LeftButton);
    QCOMPARE(desk.server.state(), service::ServerControl::State::Serving);
    QCOMPARE(named<QLabel>(desk.window, "serverState")->text(), QStringLiteral("Serving"));
    QCOMPARE(named<QLabel>(desk.window, "serverAddress")->text(), desk.server.address());
    for (auto* button : desk.window.findChildren<QToolButton*>()) {
        if (button->accessibleName() == QStringLiteral("Copy the address"))
            button->click();
    }
    QCOMPARE(QGuiApplication::clipboard()->text(), desk.server.address());
    QTest::mouseClick(named<QPushButton>(desk.window, "serverSwitch"), Qt::LeftButton);
    QCOMPARE(desk.server.state(), service::ServerControl::State::Stopped);
}

void MainWindowTest::saysWhyTheServerDidNotStart()
{
    Desk desk;
    desk.server.failWith(QStringLiteral("Port 8082 is in use."));
    QCOMPARE(named<QLabel>(desk.window, "serverState")->text(), QStringLiteral("Not serving"));
    QVERIFY(named<QLabel>(desk.window, "warning")->text().contains(QStringLiteral("Port 8082 is in use.")));
}

void MainWindowTest::showsCardDetailsAndSetMeUp()
{
    Desk desk(test::Files{{"README.md",
                           "---\nlicense: mit\n---\n# Bert, tiny\n\nA small model for tests.\n\n| a | b "
                           "|\n|---|---|\n| 1 | 2 |\n"},
                          {"config.json", "{}"},
                          {"weights/model.safetensors", QByteArray(70'000, 'x')}});
    desk.server.start();
    QVERIFY(desk.select(packageKeys()));
    QCOMPARE(named<ElidedLabel>(desk.window, "detailsTitle")->text(), QStringLiteral("acme/bert-tiny"));
    auto* tabs = named<QTabWidget>(desk.window, "detailsTabs");
    QCOMPARE(tabs->tabText(0).remove(u'&'), QStringLiteral("Card"));
    QTRY_VERIFY(tabs->widget(0)
                    ->property("plainText")
                    .toString()
                    .contains(QStringLiteral("A small model for tests.")));
    QVERIFY(!tabs->widget(0)->property("plainText").toString().contains(QStringLiteral("license")));
    QVERIFY(desk.select(mainKeys({QStringLiteral("weights"), QStringLiteral("model.safetensors")})));
    QVERIFY(desk.select(packageKeys()));
    tabs->setCurrentIndex(0);
    picture(desk.window, QStringLiteral("card"));

    tabs->setCurrentIndex(1);
    picture(desk.window, QStringLiteral("details"));
    test::action(desk.window, QStringLiteral("Set Me Up"))->trigger();
    QCOMPARE(tabs->tabText(tabs->currentIndex()).remove(u'&'), QStringLiteral("Set Me Up"));
    QString allText;
    for (auto* text : tabs->currentWidget()->findChildren<QPlainTextEdit*>())
        allText += text->toPlainText();
    QVERIFY(allText.contains(QStringLiteral("http://127.0.0.1:8082/artifactory/api/huggingfaceml/hf-local")));
    QVERIFY(allText.contains(QStringLiteral("acme/bert-tiny")));
    named<QPushButton>(desk.window, "setMeUpCreateToken")->click();
    QTRY_VERIFY([&] {
        for (auto* text : tabs->currentWidget()->findChildren<QPlainTextEdit*>()) {
            if (text->toPlainText().contains(QStringLiteral("hf_")))
                return true;
        }
        return false;
    }());
    picture(desk.window, QStringLiteral("setmeup"));

    QVERIFY(desk.select(mainKeys({QStringLiteral("weights"), QStringLiteral("model.safetensors")})));
    QCOMPARE(named<ElidedLabel>(desk.window, "detailsTitle")->text(),
             QStringLiteral("weights/model.safetensors"));
    tabs->setCurrentWidget(named<QWidget>(desk.window, "facts"));
    QTRY_VERIFY([&] {
        for (auto* label : tabs->currentWidget()->findChildren<QLabel*>()) {
            if (label->text() == QStringLiteral("first"))
                return true;
        }
        return false;
    }());
    picture(desk.window, QStringLiteral("file"));
}

void MainWindowTest::createsARepositoryAndAPackage()
{
    Desk desk;
    QVERIFY(desk.select({QStringLiteral("hf-local")}));

    QVERIFY(desk.activate());
    QTest::keySequence(&desk.window, QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    auto* repository = desk.window.findChild<NewRepositoryDialog*>();
    QVERIFY(repository);
    type(named<QLineEdit>(*repository, "repositoryKey"), QStringLiteral("team-b"));
    picture(*repository, QStringLiteral("new-repository"));
    QTest::keyClick(repository, Qt::Key_Return);
    QVERIFY(desk.select({QStringLiteral("team-b")}));

    QVERIFY(desk.activate());
    QTest::keySequence(&desk.window, QKeySequence::New);
    auto* package = desk.window.findChild<NewPackageDialog*>();
    QVERIFY(package);
    type(named<QLineEdit>(*package, "packageOrganisation"), QStringLiteral("acme"));
    type(named<QLineEdit>(*package, "packageName"), QStringLiteral("bert-tiny"));
    QTest::keyClick(package, Qt::Key_Return);
    QVERIFY(desk.select({QStringLiteral("team-b"), QStringLiteral("models"), QStringLiteral("acme"),
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

/// What is wrong comes while the dialog is open, and needs more lines than one.
void MainWindowTest::saysAllOfWhatIsWrong()
{
    test::World world;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a", "1"}});
    const auto check = [](QDialog& dialog, const char* edit, const QString& text) {
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        type(named<QLineEdit>(dialog, edit), text);
        QTest::keyClick(named<QLineEdit>(dialog, edit), Qt::Key_Return);
        QCoreApplication::processEvents();
        auto* problem = named<QLabel>(dialog, "problem");
        QVERIFY(!problem->text().isEmpty());
        QVERIFY2(problem->height() >= problem->heightForWidth(problem->width()), edit);
        QVERIFY(dialog.rect().contains(QRect(problem->mapTo(&dialog, QPoint()), problem->size())));
    };
    NewRepositoryDialog repository(world.services());
    check(repository, "repositoryKey", QStringLiteral("bad key!"));
    NewPackageDialog package(world.services(), {QStringLiteral("hf-local")}, QStringLiteral("hf-local"),
                             PackageType::Model, QStringLiteral("acme"));
    check(package, "packageName", QStringLiteral("bad--name"));
    DeleteDialog deletion(QStringLiteral("it"), QStringLiteral("It is gone."), QString(90, u'n'),
                          [] { return QFuture<Result<void>>(); });
    check(deletion, "typedName", QStringLiteral("x"));
}

void MainWindowTest::returnWithAWrongNameSaysSo()
{
    int removed = 0;
    DeleteDialog dialog(QStringLiteral("the model acme/bert"), QStringLiteral("It is gone."),
                        QStringLiteral("acme/bert"), [&removed] {
                            ++removed;
                            return QFuture<Result<void>>();
                        });
    dialog.show();
    QVERIFY(QTest::qWaitForWindowActive(&dialog));
    auto* typed = named<QLineEdit>(dialog, "typedName");
    type(typed, QStringLiteral("acme/b"));
    QTest::keyClick(typed, Qt::Key_Return);
    QVERIFY(dialog.isVisible());
    QVERIFY(named<QLabel>(dialog, "problem")->text().contains(QStringLiteral("acme/bert")));
    QTest::keyClicks(typed, QStringLiteral("ert"));
    QVERIFY(named<QLabel>(dialog, "problem")->text().isEmpty());
    QCOMPARE(removed, 0);
    QTest::keyClick(typed, Qt::Key_Return);
    QCOMPARE(removed, 1);
}

void MainWindowTest::asksBeforeItCutsTransfers()
{
    Desk desk;
    desk.server.start();
    service::TransferInfo info;
    info.repository = QStringLiteral("hf-local");
    auto transfer = desk.world.services().transfers().start(info);
    desk.window.findChild<TransferModel*>()->poll();
    QString question;
    const auto answer = [&](QMessageBox::StandardButton button) {
        QTimer::singleShot(0, &desk.window, [&question, button] {
            auto* box = qobject_cast<QMessageBox*>(QApplication::activeModalWidget());
            QVERIFY(box);
            question = box->text();
            box->button(button)->click();
        });
    };
    answer(QMessageBox::No);
    named<QPushButton>(desk.window, "serverSwitch")->click();
    QVERIFY2(question.contains(QStringLiteral("Stop all the same?")), qPrintable(question));
    QCOMPARE(desk.server.state(), service::ServerControl::State::Serving);
    answer(QMessageBox::No);
    QVERIFY(!desk.window.close());
    QVERIFY2(question.contains(QStringLiteral("Quit all the same?")), qPrintable(question));
    answer(QMessageBox::Yes);
    test::action(desk.window, QStringLiteral("Stop Server"))->trigger();
    QCOMPARE(desk.server.state(), service::ServerControl::State::Stopped);
    test::action(desk.window, QStringLiteral("Start Server"))->trigger();
    QCOMPARE(desk.server.state(), service::ServerControl::State::Serving);
}

void MainWindowTest::setMeUpTellsOfTheServer()
{
    Desk desk(test::Files{{"a", "1"}});
    QVERIFY(desk.select(packageKeys()));
    desk.showTab(QStringLiteral("Set Me Up"));
    auto* note = named<QLabel>(desk.window, "setMeUpServer");
    QVERIFY(note->isVisible());
    QVERIFY(note->text().contains(QStringLiteral("stopped")));
    desk.server.start();
    QVERIFY(!note->isVisible());
    desk.server.failWith(QStringLiteral("Port 8082 is in use."));
    QVERIFY(note->isVisible());
    QVERIFY(note->text().contains(QStringLiteral("Port 8082 is in use.")));
}

void MainWindowTest::staysUsableWhenNarrow()
{
    Desk desk(test::Files{{"a", "1"}});
    desk.window.resize(640, 480);
    auto* filter = named<QLineEdit>(desk.window, "filter");
    QVERIFY(desk.activate());
    QTRY_VERIFY(desk.window.width() <= 700);
    const int character = desk.window.fontMetrics().averageCharWidth();
    QVERIFY2(desk.tree->width() >= 24 * character, qPrintable(QString::number(desk.tree->width())));
    const int note = desk.tree->columnWidth(BrowseModel::NoteColumn);
    QVERIFY(note > desk.window.fontMetrics().horizontalAdvance(QStringLiteral("1023.5 MiB")));

    filter->setFocus();
    filter->setText(QStringLiteral("bert"));
    QTest::keyClick(filter, Qt::Key_Escape);
    QVERIFY(filter->text().isEmpty());
    QTest::keyClick(filter, Qt::Key_Down);
    QTRY_VERIFY(desk.tree->hasFocus() && desk.tree->currentIndex().isValid());
}

void MainWindowTest::wrapsLongNames()
{
    const QString name = QStringLiteral("a very long name ").repeated(10) + QString(60, u'n');
    Desk desk(test::Files{{name.toUtf8(), "1"}});
    QVERIFY(desk.select(mainKeys({name})));
    desk.showTab(QStringLiteral("Details"));
    QCoreApplication::processEvents();
    auto* facts = named<QScrollArea>(desk.window, "facts");
    QVERIFY(facts->widget()->width() <= facts->viewport()->width());
    QLabel* path = desk.fact(QStringLiteral("Path"));
    QVERIFY(path);
    path->setSelection(0, int(path->text().size()));
    QTest::keySequence(path, QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->text(), name);
}

void MainWindowTest::deletesOnlyAfterTheNameWasTyped()
{
    Desk desk(test::Files{{"a", "1"}});
    QVERIFY(desk.select(packageKeys()));
    test::action(desk.window, QStringLiteral("Delete…"))->trigger();
    auto* dialog = desk.window.findChild<DeleteDialog*>();
    QVERIFY(dialog);
    auto* button = named<QPushButton>(*dialog, "deleteButton");
    QVERIFY(!button->isEnabled());
    type(named<QLineEdit>(*dialog, "typedName"), QStringLiteral("acme/bert"));
    QVERIFY(!button->isEnabled());
    QTest::keyClicks(named<QLineEdit>(*dialog, "typedName"), QStringLiteral("-tiny"));
    QVERIFY(button->isEnabled());
    picture(*dialog, QStringLiteral("delete"));
    QTest::mouseClick(button, Qt::LeftButton);
    QTRY_VERIFY(!desk.has(packageKeys()));
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

/// Its secrets are shown nowhere else.
void MainWindowTest::welcomeStaysUntilConfirmed()
{
    test::World world;
    test::FakeServer server;
    WelcomeDialog dialog(world.services(), server);
    dialog.show();
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QVERIFY(dialog.isVisible());
    dialog.close();
    QVERIFY(dialog.isVisible());
    auto* text = dialog.findChild<QPlainTextEdit*>();
    QVERIFY(!text->verticalScrollBar()->isVisible() && text->verticalScrollBar()->maximum() == 0);
    QVERIFY(!text->horizontalScrollBar()->isVisible());
    named<QPushButton>(dialog, "kept")->click();
    QVERIFY(!dialog.isVisible());
}

void MainWindowTest::everyControlHasAName()
{
    Desk desk;
    for (auto* view : desk.window.findChildren<QAbstractItemView*>()) {
        if (view->isVisible() && view->objectName() != QStringLiteral("qt_spinbox_lineedit"))
            QVERIFY2(!view->accessibleName().isEmpty(), qPrintable(view->objectName()));
    }
    for (auto* button : desk.window.findChildren<QToolButton*>()) {
        // Those inside a line edit are its own decoration.
        if (button->isVisible() && !qobject_cast<QLineEdit*>(button->parent()))
            QVERIFY2(!button->text().isEmpty() || !button->accessibleName().isEmpty(),
                     qPrintable(button->objectName()));
    }
}

QTEST_MAIN(MainWindowTest)
#include "tst_mainwindow.moc"
