// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/desk.h"
#include "tests/ui/pulse.h"
#include "ui/dialogs/deletedialog.h"
#include "ui/dialogs/newrefdialog.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QPushButton>
#include <QStandardPaths>
#include <QTableView>

using namespace hublet;
using namespace hublet::ui;
using test::Desk;
using test::mainKeys;
using test::named;
using test::packageKeys;
using test::Pulse;
using test::type;

/// The Browse page as a user works with it: big folders, keys, what can be done with a row.
class BrowsingTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void neverFreezesWhileAClientUploads();
    void opensAHugeFolderWithoutAStall();
    void endKeepsTheCurrentRowInSight();
    void historyLeadsToTheCommit();
    void copiesNamesAndAddresses();
    void keysActOnTheTreeOnly();
    void deletesAFileWithACommit();
    void makesABranchAndATag();
};

/// The event loop is asked every 5 ms to answer while a package with many files is written and listed.
void BrowsingTest::neverFreezesWhileAClientUploads()
{
    Desk desk;
    QVERIFY(desk.select({QStringLiteral("hf-local"), QStringLiteral("models")}));

    const QString id = QStringLiteral("acme/many");
    test::Files files;
    for (int i = 0; i < 2000; ++i)
        files.push_back({"data/" + QByteArray::number(i) + ".txt", QByteArray::number(i)});
    auto upload = desk.world.services().workers().run([&] {
        desk.world.commit(id, QStringLiteral("main"), QStringLiteral("many"), files);
        return true;
    });
    Pulse pulse;
    const QStringList folder = mainKeys({QStringLiteral("data")}, id);
    QVERIFY(QTest::qWaitFor([&] { return upload.isFinished(); }, 20000));
    QVERIFY(desk.select(folder));
    desk.tree->expand(desk.model->find(folder));
    QTRY_VERIFY(desk.tree->model()->rowCount(desk.model->find(folder)) >= BrowseModel::PageSize);
    pulse.check();
}

/// A package with 100,000 files in one folder: opening it, going to its end, counting what it and its
/// repository take on disk, and a commit into it.
void BrowsingTest::opensAHugeFolderWithoutAStall()
{
    constexpr int Files = 100'000;
    constexpr int Contents = 5'000;
    const QString id = QStringLiteral("acme/huge");
    test::Files files;
    for (int i = 0; i < Files; ++i)
        files.push_back(
            {"data/" + QByteArray::number(i).rightJustified(6, '0'), QByteArray::number(i % Contents)});
    Desk desk(files, id);
    const QStringList folder = mainKeys({QStringLiteral("data")}, id);
    Pulse pulse;
    QVERIFY(desk.select(folder));
    desk.tree->expand(desk.model->find(folder));
    QTRY_VERIFY(desk.model->rowCount(desk.model->find(folder)) >= BrowseModel::PageSize);
    for (int page = 2; page <= 20; ++page) {
        desk.tree->scrollToBottom();
        QTRY_VERIFY(desk.model->rowCount(desk.model->find(folder)) >= page * BrowseModel::PageSize);
    }
    desk.showTab(QStringLiteral("Details"));
    for (const QStringList& row : {packageKeys(id), packageKeys(id).mid(0, 1)}) {
        QVERIFY(desk.select(row));
        QTRY_VERIFY_WITH_TIMEOUT(desk.fact(QStringLiteral("Saved"))->text() != QStringLiteral("…"), 20'000);
    }
    auto upload = desk.world.services().workers().run([&] {
        desk.world.commit(id, QStringLiteral("main"), QStringLiteral("one more"), {{"data/000000a", "new"}});
        return true;
    });
    QTRY_VERIFY_WITH_TIMEOUT(desk.has(folder + QStringList{QStringLiteral("000000a")}), 20'000);
    pulse.check();
    QVERIFY(upload.isFinished());
}

void BrowsingTest::endKeepsTheCurrentRowInSight()
{
    test::Files files;
    for (int i = 0; i < 3 * BrowseModel::PageSize; ++i)
        files.push_back({QByteArray::number(i).rightJustified(4, '0'), "1"});
    Desk desk(files);
    QVERIFY(desk.select(mainKeys()));
    desk.tree->expand(desk.tree->currentIndex());
    const auto rows = [&] { return desk.model->rowCount(desk.model->find(mainKeys())); };
    QTRY_VERIFY(rows() >= BrowseModel::PageSize);
    for (int page = 2; page <= 3; ++page) {
        QTest::keyClick(desk.tree, Qt::Key_End);
        QTRY_VERIFY(rows() >= page * BrowseModel::PageSize);
        QCoreApplication::processEvents();
        const QRect row = desk.tree->visualRect(desk.tree->currentIndex());
        QVERIFY(desk.tree->viewport()->rect().contains(row.center()));
    }
}

void BrowsingTest::historyLeadsToTheCommit()
{
    Desk desk(test::Files{{"a", "1"}});
    desk.world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("second"),
                      {{"a", "2"}});
    QVERIFY(desk.select(packageKeys()));
    desk.showTab(QStringLiteral("History"));
    auto* history = named<QTableView>(desk.window, "history");
    QTRY_VERIFY(history->model()->rowCount() >= 2);
    history->setCurrentIndex(history->model()->index(1, 0));
    history->actions().first()->trigger();
    const QString id = QGuiApplication::clipboard()->text();
    QCOMPARE(id.size(), 40);
    emit history->doubleClicked(history->currentIndex());
    const auto isCurrent = [&](const QString& key) {
        const BrowseItem* item = desk.model->item(desk.tree->currentIndex());
        return item && item->key == key;
    };
    QTRY_VERIFY(isCurrent(id));
    QVERIFY(desk.select(packageKeys()));
    QTRY_VERIFY(history->model()->rowCount() >= 2);
    emit history->doubleClicked(history->model()->index(0, 0));
    QTRY_VERIFY(isCurrent(QStringLiteral("refs/heads/main")));
}

void BrowsingTest::copiesNamesAndAddresses()
{
    Desk desk(test::Files{{"a b/c.txt", "1"}});
    QVERIFY(desk.select(mainKeys({QStringLiteral("a b"), QStringLiteral("c.txt")})));
    QVERIFY(desk.activate());
    desk.tree->setFocus();
    QTest::keySequence(desk.tree, QKeySequence::Copy);
    QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("a b/c.txt"));
    test::action(desk.window, QStringLiteral("Copy Address"))->trigger();
    QCOMPARE(QGuiApplication::clipboard()->text(),
             desk.server.address() + QStringLiteral("/artifactory/api/huggingfaceml/hf-local/acme/bert-tiny/"
                                                    "resolve/main/a%20b/c.txt"));
}

void BrowsingTest::keysActOnTheTreeOnly()
{
    Desk desk;
    QVERIFY(desk.select({QStringLiteral("hf-local")}));
    QVERIFY(desk.activate());

    QTest::keySequence(&desk.window, QKeySequence::Find);
    auto* filter = named<QLineEdit>(desk.window, "filter");
    QTRY_VERIFY(filter->hasFocus());
    QTest::keyClicks(filter, QStringLiteral("abc"));
    QTest::keyClick(filter, Qt::Key_Home);
    QTest::keyClick(filter, Qt::Key_Delete); // edits the text, and no repository
    QCOMPARE(filter->text(), QStringLiteral("bc"));
    QVERIFY(!desk.window.findChild<DeleteDialog*>());
    filter->clear();
    QTRY_VERIFY(desk.tree->isVisible() && desk.tree->model()->rowCount() == 1);

    QVERIFY(desk.select({QStringLiteral("hf-local")}));
    desk.tree->setFocus();
    QTest::keyClick(desk.tree, Qt::Key_Return);
    const bool wasExpanded = desk.tree->isExpanded(desk.tree->currentIndex());
    QTest::keyClick(desk.tree, Qt::Key_Return);
    QVERIFY(desk.tree->isExpanded(desk.tree->currentIndex()) != wasExpanded);
    QTest::keyClick(desk.tree, Qt::Key_Delete);
    QVERIFY(desk.window.findChild<DeleteDialog*>());
}

void BrowsingTest::deletesAFileWithACommit()
{
    Desk desk(test::Files{{"a.txt", "1"}, {"b.txt", "2"}});
    QVERIFY(desk.select(mainKeys({QStringLiteral("a.txt")})));
    test::action(desk.window, QStringLiteral("Delete…"))->trigger();
    auto* dialog = desk.window.findChild<DeleteDialog*>();
    QVERIFY(dialog);
    QVERIFY(!named<QLineEdit>(*dialog, "typedName")->isVisible());
    QTest::mouseClick(named<QPushButton>(*dialog, "deleteButton"), Qt::LeftButton);
    QTRY_VERIFY(!desk.has(mainKeys({QStringLiteral("a.txt")})));
    QVERIFY(desk.has(mainKeys({QStringLiteral("b.txt")})));
}

void BrowsingTest::makesABranchAndATag()
{
    Desk desk(test::Files{{"a.txt", "1"}});
    for (const auto& [text, name, key] :
         {std::tuple("New Branch…", "dev", "refs/heads/dev"), std::tuple("New Tag…", "v1", "refs/tags/v1")}) {
        QVERIFY(desk.select(packageKeys()));
        test::action(desk.window, QString::fromUtf8(text))->trigger();
        auto* dialog = desk.window.findChild<NewRefDialog*>();
        QVERIFY(dialog);
        auto* edit = named<QLineEdit>(*dialog, "refName");
        type(edit, QStringLiteral("not a name"));
        QTest::keyClick(dialog, Qt::Key_Return);
        QVERIFY(dialog->isVisible());
        edit->clear();
        type(edit, QLatin1String(name));
        QTest::keyClick(dialog, Qt::Key_Return);
        QTRY_VERIFY(desk.has(packageKeys() + QStringList{QLatin1String(key)}));
        QTRY_VERIFY(!desk.window.findChild<NewRefDialog*>());
    }
}

QTEST_MAIN(BrowsingTest)
#include "tst_browsing.moc"
