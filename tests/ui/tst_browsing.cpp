// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/pulse.h"
#include "tests/ui/windowdriver.h"
#include "tests/ui/world.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/newrefdialog.h"
#include "ui/mainwindow.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QStandardPaths>

using namespace hublet;
using namespace hublet::ui;
using test::named;
using test::Pulse;
using test::select;
using test::type;

/// The Browse page as a user works with it: big folders, keys, what can be done with a row.
class BrowsingTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void neverFreezesWhileAClientUploads();
    void opensAHugeFolderWithoutAStall();
    void copiesNamesAndAddresses();
    void keysActOnTheTreeOnly();
    void deletesAFileWithACommit();
    void makesABranchAndATag();
};

/// The event loop is asked every 5 ms to answer while a package with many files is written and listed.
void BrowsingTest::neverFreezesWhileAClientUploads()
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

/// A package with 100,000 files in one folder: opening it, going to its end, and a commit into it.
void BrowsingTest::opensAHugeFolderWithoutAStall()
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

void BrowsingTest::copiesNamesAndAddresses()
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

void BrowsingTest::keysActOnTheTreeOnly()
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

void BrowsingTest::deletesAFileWithACommit()
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

void BrowsingTest::makesABranchAndATag()
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

QTEST_MAIN(BrowsingTest)
#include "tst_browsing.moc"
