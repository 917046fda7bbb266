// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/windowdriver.h"
#include "tests/ui/world.h"
#include "ui/browse/browsemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>

using namespace hublet;
using namespace hublet::ui;
using test::mainKeys;
using test::packageKeys;

class BrowseModelTest : public QObject {
    Q_OBJECT

private slots:
    void listsWhatIsThereLevelByLevel();
    void listsBigFoldersByPages();
    void showsNewPackagesByItself();
    void knowsThatTotalsChangedBelowWhatIsListed();
    void keepsRowsWhenACommitArrives();
    void dropsRowsOfDeletedPackages();
    void filtersByNameAndShowsEverythingAgain();
    void survivesDestructionWhileListing();

private:
    /// Waits until the row with these keys is listed, listing its ancestors on the way.
    static QModelIndex reach(BrowseModel& model, const QStringList& keys);
};

QModelIndex BrowseModelTest::reach(BrowseModel& model, const QStringList& keys)
{
    for (qsizetype depth = 0; depth < keys.size(); ++depth) {
        const QModelIndex parent = model.find(keys.mid(0, depth));
        if (model.rowCount(parent) == 0)
            model.fetchMore(parent);
        const QStringList wanted = keys.mid(0, depth + 1);
        if (!QTest::qWaitFor([&] { return model.find(wanted).isValid(); }, 5000))
            return {};
    }
    return model.find(keys);
}

void BrowseModelTest::listsWhatIsThereLevelByLevel()
{
    test::World world;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"config.json", "{}"}, {"weights/model.bin", "abc"}});
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("second"),
                 {{"config.json", "{ }"}});
    BrowseModel model(world.services());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);

    const QModelIndex folder = reach(model, mainKeys({QStringLiteral("weights")}));
    QVERIFY(folder.isValid());
    QCOMPARE(model.item(folder)->kind, BrowseKind::Folder);
    const QModelIndex file = reach(model, mainKeys({QStringLiteral("weights"), QStringLiteral("model.bin")}));
    QVERIFY(file.isValid());
    QCOMPARE(model.item(file)->kind, BrowseKind::File);
    QCOMPARE(model.item(file)->entry->size, 3);
    QVERIFY(!model.hasChildren(file));
    const QModelIndex commits = reach(model, packageKeys() + QStringList{QStringLiteral("earlier")});
    model.fetchMore(commits);
    QTRY_VERIFY(model.rowCount(commits) >= 1);
    QCOMPARE(model.data(model.index(0, 0, commits), Qt::DisplayRole).toString(), QStringLiteral("first"));
}

void BrowseModelTest::listsBigFoldersByPages()
{
    test::World world;
    test::Files files;
    for (int i = 0; i < 450; ++i)
        files.push_back({QByteArray::number(i).rightJustified(4, '0') + ".txt", QByteArray::number(i)});
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("v1"), QStringLiteral("many"), files);
    BrowseModel model(world.services());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);

    const QModelIndex ref = reach(model, packageKeys() + QStringList{QStringLiteral("refs/heads/v1")});
    QVERIFY(ref.isValid());
    model.fetchMore(ref);
    QTRY_VERIFY(model.rowCount(ref) >= BrowseModel::PageSize);
    QVERIFY(model.rowCount(ref) % BrowseModel::PageSize == 0 || model.rowCount(ref) == 450);
    // The tester may have asked for the next page already.
    while (model.canFetchMore(ref) || model.rowCount(ref) < 450) {
        const int before = model.rowCount(ref);
        model.fetchMore(ref);
        QTRY_VERIFY(model.rowCount(ref) > before);
    }
    // An upload to a new revision holds exactly the uploaded files.
    QCOMPARE(model.rowCount(ref), 450);
    for (int row = 0; row < 450; ++row)
        QCOMPARE(model.item(model.index(row, 0, ref))->key.toUtf8(), files[std::size_t(row)].path);
}

void BrowseModelTest::showsNewPackagesByItself()
{
    test::World world;
    BrowseModel model(world.services());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QModelIndex models = reach(model, packageKeys().mid(0, 2));
    model.fetchMore(models);
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a", "1"}});
    QTRY_VERIFY(model.find(packageKeys().mid(0, 3)).isValid());
}

void BrowseModelTest::knowsThatTotalsChangedBelowWhatIsListed()
{
    test::World world;
    BrowseModel model(world.services());
    const QModelIndex repository = reach(model, packageKeys().mid(0, 1));
    QVERIFY(repository.isValid());
    QSignalSpy changed(&model, &BrowseModel::itemChanged);
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a", "1"}});
    QTRY_VERIFY(!changed.isEmpty());
    QCOMPARE(changed.front().front().toModelIndex(), repository);
    QCOMPARE(model.rowCount(repository), 0);
}

void BrowseModelTest::keepsRowsWhenACommitArrives()
{
    test::World world;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"b.txt", "1"}, {"sub/x.txt", "1"}});
    BrowseModel model(world.services());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QPersistentModelIndex kept =
        reach(model, mainKeys({QStringLiteral("sub"), QStringLiteral("x.txt")}));
    QVERIFY(kept.isValid());
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);

    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("second"),
                 {{"a.txt", "2"}, {"sub/w.txt", "2"}});
    QTRY_VERIFY(model.find(mainKeys({QStringLiteral("a.txt")})).isValid());
    QTRY_VERIFY(model.find(mainKeys({QStringLiteral("sub"), QStringLiteral("w.txt")})).isValid());
    QVERIFY(kept.isValid());
    QCOMPARE(model.item(kept)->key, QStringLiteral("x.txt"));
    QCOMPARE(reset.count(), 0);
}

void BrowseModelTest::dropsRowsOfDeletedPackages()
{
    test::World world;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a", "1"}});
    world.commit(QStringLiteral("acme/other"), QStringLiteral("main"), QStringLiteral("first"), {{"a", "1"}});
    BrowseModel model(world.services());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    QVERIFY(reach(model, mainKeys({QStringLiteral("a")})).isValid());
    world.removePackage(QStringLiteral("acme/bert-tiny"));
    QTRY_VERIFY(!model.find(packageKeys()).isValid());
    QVERIFY(model.find(packageKeys().mid(0, 3) + QStringList{QStringLiteral("acme/other")}).isValid());
}

void BrowseModelTest::filtersByNameAndShowsEverythingAgain()
{
    test::World world;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"a", "1"}});
    world.commit(QStringLiteral("acme/other"), QStringLiteral("main"), QStringLiteral("first"), {{"a", "1"}});
    world.commit(QStringLiteral("team/third"), QStringLiteral("main"), QStringLiteral("first"), {{"a", "1"}});
    BrowseModel model(world.services());
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    const QPersistentModelIndex kept = reach(model, mainKeys({QStringLiteral("a")}));
    const QStringList other = packageKeys().mid(0, 3) + QStringList{QStringLiteral("acme/other")};
    const QStringList team = packageKeys().mid(0, 2) + QStringList{QStringLiteral("team")};
    const QStringList datasets{QStringLiteral("hf-local"), QStringLiteral("datasets")};
    QVERIFY(model.find(other).isValid() && model.find(team).isValid() && model.find(datasets).isValid());

    model.setFilter({QStringLiteral("TINY"), QStringLiteral("acme")});
    QTRY_VERIFY(!model.find(other).isValid());
    QTRY_VERIFY(!model.find(team).isValid());
    QTRY_VERIFY(!model.find(datasets).isValid());
    QVERIFY(kept.isValid()); // what was open below a find stays open

    // A package that comes meanwhile is shown when it fits.
    world.commit(QStringLiteral("acme/tiny-two"), QStringLiteral("main"), QStringLiteral("x"), {{"a", "1"}});
    world.commit(QStringLiteral("acme/big"), QStringLiteral("main"), QStringLiteral("x"), {{"a", "1"}});
    QTRY_VERIFY(model.find(packageKeys().mid(0, 3) + QStringList{QStringLiteral("acme/tiny-two")}).isValid());
    QVERIFY(!model.find(packageKeys().mid(0, 3) + QStringList{QStringLiteral("acme/big")}).isValid());

    model.setFilter({QStringLiteral("nobody")});
    QTRY_COMPARE(model.rowCount(), 0);
    model.setFilter({});
    QVERIFY(reach(model, other).isValid());
    QVERIFY(reach(model, datasets).isValid());
}

void BrowseModelTest::survivesDestructionWhileListing()
{
    test::World world;
    for (int i = 0; i < 50; ++i) {
        BrowseModel model(world.services());
        model.fetchMore({});
    }
    world.services().workers().waitForDone();
    QCoreApplication::processEvents();
    BrowseModel model(world.services());
    QVERIFY(reach(model, packageKeys().mid(0, 1)).isValid());
}

QTEST_MAIN(BrowseModelTest)
#include "tst_browsemodel.moc"
