// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/writing/refwriter.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

/// Databases that older versions of the program have left (data/README.md).
class TestOlderDatabases : public QObject {
    Q_OBJECT
private slots:
    void areMigratedAndRead_data();
    void areMigratedAndRead();
};

void TestOlderDatabases::areMigratedAndRead_data()
{
    QTest::addColumn<QString>("file");
    const QDir folder(qEnvironmentVariable("HUBLET_TEST_DATA"));
    const QStringList names = folder.entryList({QStringLiteral("version*.sqlite")}, QDir::Files);
    QVERIFY2(!names.isEmpty(), "HUBLET_TEST_DATA names no folder with databases");
    for (const QString& name : names)
        QTest::newRow(qPrintable(name)) << folder.filePath(name);
}

void TestOlderDatabases::areMigratedAndRead()
{
    QFETCH(const QString, file);
    const QTemporaryDir folder;
    db::DatabaseOptions options;
    options.file = folder.filePath(QStringLiteral("catalog.sqlite"));
    QVERIFY(QFile::copy(file, options.file));
    QVERIFY(QFile::setPermissions(options.file, QFile::ReadOwner | QFile::WriteOwner));
    const auto database = db::Database::open(options, true);
    VERIFY_OK(database);
    Catalog catalog(**database);

    const Repository repository = must(catalog.repository(RepositoryKey::parse(u"hf-local").value()));
    const Package package =
        must(catalog.package(repository.id, CatalogFixture::id(QStringLiteral("acme/bert"))));
    QCOMPARE(package.card.tags, QStringList{QStringLiteral("license:mit")});
    QCOMPARE(package.fileCount, 1 + 3 + 199 + 1);
    QStringList names;
    for (const Ref& ref : must(catalog.refs(package.rowId, true)))
        names += ref.name;
    QCOMPARE(names, (QStringList{QStringLiteral("main"), QStringLiteral("1.0"), QStringLiteral("v1"),
                                 QStringLiteral("refs/pr/1")}));
    const CommitPage history = must(catalog.commits(package.rowId, package.head, 10));
    QCOMPARE(history.total, 4);
    QCOMPARE(history.commits.front().title, QStringLiteral("pull (#1)"));
    QCOMPARE(history.commits.back().title, QStringLiteral("initial commit"));

    const Revision tag = must(catalog.resolve(package.rowId, QStringLiteral("v1")));
    TreeQuery query;
    query.folder = CatalogFixture::path("data");
    QCOMPARE(must(catalog.tree(package.rowId, tag.commit.oid, query)).items.size(), std::size_t(200));
    QCOMPARE(must(catalog.tree(package.rowId, package.head, query)).items.size(), std::size_t(199));
    const TreeEntry weights =
        must(catalog.entry(package.rowId, package.head, CatalogFixture::path("model.safetensors")));
    QVERIFY(weights.lfs);
    QCOMPARE(weights.content, Sha256Hasher::hash("weights"));
    QCOMPARE(must(catalog.discussion(package.rowId, 1)).status, DiscussionStatus::Merged);
    QCOMPARE(must(catalog.deployments(package.rowId, QStringLiteral("main"), 10)).items.size(),
             std::size_t(4));
    const PackageId oldId = CatalogFixture::id(QStringLiteral("acme/old"), PackageType::Dataset);
    QVERIFY(must(catalog.movedTo(repository.id, oldId)).has_value());
    const Sha256 uploaded = Sha256Hasher::hash("uploaded");
    QVERIFY(must(catalog.mayClaim({7}, uploaded, 0, {})));
    QVERIFY(!must(catalog.mayClaim({7, QStringLiteral("hf-local")}, uploaded, 0, {}))); // not known any more

    FakeClock clock;
    RefWriter refs(catalog, clock);
    VERIFY_OK(
        refs.squash(package.rowId, QStringLiteral("refs/heads/main"), {}, {QStringLiteral("alice"), {}}));
    QCOMPARE(must(catalog.package(package.rowId)).fileCount, package.fileCount);
}

QTEST_GUILESS_MAIN(TestOlderDatabases)
#include "tst_olderdatabases.moc"
