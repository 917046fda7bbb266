// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/writing/refwriter.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

namespace {

QStringList idsOf(const std::vector<Package>& packages)
{
    QStringList ids;
    for (const Package& package : packages)
        ids += package.id.id();
    return ids;
}

} // namespace

/// Which packages and repositories there are.
class TestCatalogPackages : public QObject {
    Q_OBJECT
private slots:
    void packagesAreFiltered();
    void packagesArePaged_data();
    void packagesArePaged();
    void namespacesAreCounted();
    void movedPackagesAreFound();
    void removedPackagesAreGone();
    void repositoriesHaveTheirRules();
    void descriptionsAreOneLine_data();
    void descriptionsAreOneLine();
    void olderDescriptionsStay();
};

void TestCatalogPackages::packagesAreFiltered()
{
    CatalogFixture fixture;
    fixture.createPackage(QStringLiteral("acme/bert-large"));
    const Package gated = fixture.createPackage(QStringLiteral("Acme/bert_small"));
    fixture.createPackage(QStringLiteral("other/gpt"));
    fixture.createPackage(QStringLiteral("acme/squad"), PackageType::Dataset);
    fixture.add(gated, {{"README.md", "---\nlicense: mit\npipeline_tag: fill-mask\ntags: [nice]\n---\n"}});
    PackageWriter writer(fixture.catalog, *fixture.store, fixture.clock);
    must(writer.change(gated.rowId, {std::nullopt, Gating::Automatic, std::nullopt}));
    const auto listed = [&](const PackageQuery& query, const PackageFilter& visible = {}) {
        return idsOf(must(fixture.catalog.packages(fixture.repository->id, query, visible)).items);
    };
    PackageQuery query;
    query.sort = PackageQuery::Sort::Id;
    query.descending = false;
    const QStringList all{QStringLiteral("acme/bert-large"), QStringLiteral("Acme/bert_small"),
                          QStringLiteral("acme/squad"), QStringLiteral("other/gpt")};
    QCOMPARE(listed(query), all);
    QCOMPARE(listed(query, [](const Package& package) { return package.id.name() == u"gpt"; }), all.mid(3));
    query.type = PackageType::Model;
    QCOMPARE(listed(query).size(), 3);
    query.author = QStringLiteral("ACME");
    QCOMPARE(listed(query), all.mid(0, 2));
    query.search = {QStringLiteral("BERT"), QStringLiteral("small")};
    QCOMPARE(listed(query), all.mid(1, 1));
    query.search = {QStringLiteral("t_s")}; // no wildcard
    QCOMPARE(listed(query), all.mid(1, 1));
    query.search = {QStringLiteral("%")};
    QCOMPARE(listed(query), QStringList());
    query.search.clear();
    query.tags = {QStringLiteral("license:mit"), QStringLiteral("nice")};
    QCOMPARE(listed(query), all.mid(1, 1));
    query.tags = {QStringLiteral("license:mit"), QStringLiteral("bad")};
    QCOMPARE(listed(query), QStringList());
    query.tags.clear();
    query.gated = true;
    QCOMPARE(listed(query), all.mid(1, 1));
    query.gated = false;
    QCOMPARE(listed(query), all.mid(0, 1));
    query.gated.reset();
    query.pipelineTag = QStringLiteral("fill-mask");
    QCOMPARE(listed(query), all.mid(1, 1));
    query = PackageQuery();
    QCOMPARE(listed(query).first(), QStringLiteral("Acme/bert_small")); // modified last
    must(writer.addDownloads({{gated.rowId, 5}, {987'654, 1}}));
    must(writer.addDownloads({{gated.rowId, 2}}));
    query.sort = PackageQuery::Sort::Downloads;
    QCOMPARE(must(fixture.catalog.packages(std::nullopt, query)).items.front().downloads, 7);
}

void TestCatalogPackages::packagesArePaged_data()
{
    QTest::addColumn<PackageQuery::Sort>("sort");
    QTest::addColumn<bool>("descending");
    using Sort = PackageQuery::Sort;
    for (const Sort sort : {Sort::Modified, Sort::Created, Sort::Downloads, Sort::Id}) {
        for (const bool descending : {false, true})
            QTest::addRow("%d %d", int(sort), int(descending)) << sort << descending;
    }
}

void TestCatalogPackages::packagesArePaged()
{
    QFETCH(const PackageQuery::Sort, sort);
    QFETCH(const bool, descending);
    CatalogFixture fixture;
    for (int i = 0; i < 12; ++i) {
        const Package package = fixture.createPackage(QStringLiteral("acme/p%1").arg(i * 7 % 12));
        must(PackageWriter(fixture.catalog, *fixture.store, fixture.clock)
                 .addDownloads({{package.rowId, i % 3}}));
    }
    PackageQuery query;
    query.sort = sort;
    query.descending = descending;
    const QStringList all = idsOf(must(fixture.catalog.packages(fixture.repository->id, query)).items);
    QCOMPARE(all.size(), 12);
    for (int limit = 1; limit <= 12; ++limit) {
        query.limit = limit;
        query.cursor.clear();
        QStringList seen;
        do {
            const auto page = fixture.catalog.packages(fixture.repository->id, query);
            VERIFY_OK(page);
            seen += idsOf(page->items);
            query.cursor = page->nextCursor;
        } while (!query.cursor.isEmpty());
        QCOMPARE(seen, all);
    }
    query.cursor = "nonsense!";
    QCOMPARE(codeOf(fixture.catalog.packages(fixture.repository->id, query)), ErrorCode::InvalidArgument);
}

void TestCatalogPackages::namespacesAreCounted()
{
    CatalogFixture fixture;
    for (const char* name : {"acme/a", "Acme/b", "zoo/c", "acme/secret"})
        fixture.createPackage(QString::fromUtf8(name));
    const auto visible = [](const Package& package) { return package.id.name() != u"secret"; };
    const auto found = fixture.catalog.namespaces(fixture.repository->id, PackageType::Model, visible);
    VERIFY_OK(found);
    using Counts = std::vector<std::pair<QString, qint64>>;
    QCOMPARE(*found, (Counts{{QStringLiteral("acme"), 2}, {QStringLiteral("zoo"), 1}}));
    QVERIFY(must(fixture.catalog.namespaces(fixture.repository->id, PackageType::Dataset)).empty());
}

void TestCatalogPackages::movedPackagesAreFound()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/old"));
    PackageWriter writer(fixture.catalog, *fixture.store, fixture.clock);
    const qint64 repository = fixture.repository->id;
    const PackageId oldId = CatalogFixture::id(QStringLiteral("acme/old"));
    const PackageId newId = CatalogFixture::id(QStringLiteral("Other/New"));
    const auto moved = writer.move(package.rowId, repository, newId);
    VERIFY_OK(moved);
    QCOMPARE(moved->id.id(), QStringLiteral("Other/New"));
    QCOMPARE(codeOf(fixture.catalog.package(repository, oldId)), ErrorCode::PackageNotFound);
    const auto forwarded =
        fixture.catalog.movedTo(repository, CatalogFixture::id(QStringLiteral("ACME/old")));
    VERIFY_OK(forwarded);
    QCOMPARE((*forwarded)->rowId, package.rowId);
    QVERIFY(!must(fixture.catalog.movedTo(repository, newId)));
    VERIFY_OK(fixture.catalog.commit(package.rowId, package.head));
    // Only the spelling changes.
    QCOMPARE(
        must(writer.move(package.rowId, repository, CatalogFixture::id(QStringLiteral("other/new")))).id.id(),
        QStringLiteral("other/new"));
    const Package taken = fixture.createPackage(QStringLiteral("acme/taken"));
    QCOMPARE(codeOf(writer.move(taken.rowId, repository, newId)), ErrorCode::AlreadyExists);
    // A new package takes the old name over.
    fixture.createPackage(QStringLiteral("acme/old"));
    QVERIFY(!must(fixture.catalog.movedTo(repository, oldId)));
    VERIFY_OK(fixture.catalog.package(repository, oldId));
}

void TestCatalogPackages::removedPackagesAreGone()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest pull = CatalogFixture::request(package);
    pull.createPullRequest = true;
    must(fixture.commit(pull, {{"a.bin", "b"}}));
    PackageWriter writer(fixture.catalog, *fixture.store, fixture.clock);
    must(
        writer.move(package.rowId, fixture.repository->id, CatalogFixture::id(QStringLiteral("acme/moved"))));
    VERIFY_OK(writer.remove(package.rowId));
    QCOMPARE(codeOf(fixture.catalog.package(package.rowId)), ErrorCode::PackageNotFound);
    QCOMPARE(codeOf(fixture.catalog.commit(package.rowId, package.head)), ErrorCode::RevisionNotFound);
    QVERIFY(!must(
        fixture.catalog.movedTo(fixture.repository->id, CatalogFixture::id(QStringLiteral("acme/bert")))));
    QVERIFY(must(fixture.catalog.contentUses(Sha256Hasher::hash("b"), 5)).empty());
    QCOMPARE(codeOf(writer.remove(package.rowId)), ErrorCode::PackageNotFound);
}

void TestCatalogPackages::repositoriesHaveTheirRules()
{
    CatalogFixture fixture;
    const RepositoryKey key = RepositoryKey::parse(u"HF-Local").value();
    QCOMPARE(codeOf(fixture.repositories.create(key, RepositoryClass::Local, Layout::Legacy, {})),
             ErrorCode::AlreadyExists);
    RepositorySettings settings = fixture.repository->settings;
    settings.strictRevisionNames = true;
    settings.quotaBytes = 5000;
    settings.description = QStringLiteral("text");
    const Repository changed = must(fixture.repositories.change(fixture.repository->id, settings));
    QCOMPARE(changed.settings.quotaBytes, 5000);
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    RefWriter refs(fixture.catalog, fixture.clock);
    const auto branch = [&](const char* name) {
        return codeOf(refs.createBranch(package.rowId, {QString::fromUtf8(name), {}, false, false, {}}));
    };
    QCOMPARE(branch("a_b"), ErrorCode::InvalidRevision);
    QCOMPARE(branch("a/b"), ErrorCode::InvalidRevision);
    QCOMPARE(branch("a-b.1"), ErrorCode::Internal);
    const RepositoryTotals totals = must(fixture.catalog.totals(fixture.repository->id));
    QCOMPARE(totals.packages, 1);
    QCOMPARE(totals.files, 1);
    QCOMPARE(codeOf(fixture.repositories.remove(fixture.repository->id, false)), ErrorCode::Conflict);
    VERIFY_OK(fixture.repositories.remove(fixture.repository->id, true));
    QCOMPARE(codeOf(fixture.catalog.repository(key)), ErrorCode::RepositoryNotFound);
    QCOMPARE(codeOf(fixture.catalog.package(package.rowId)), ErrorCode::PackageNotFound);
}

void TestCatalogPackages::descriptionsAreOneLine_data()
{
    QTest::addColumn<QString>("description");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("empty") << QString() << true;
    QTest::newRow("text") << QStringLiteral("Models of the caf\u00e9 \u2013 team") << true;
    QTest::newRow("longest") << QString(255, u'a') << true;
    QTest::newRow("too long") << QString(256, u'a') << false;
    QTest::newRow("two lines") << QStringLiteral("a\nb") << false;
    QTest::newRow("escape") << QStringLiteral("\u001b[31mred") << false;
}

void TestCatalogPackages::descriptionsAreOneLine()
{
    QFETCH(QString, description);
    QFETCH(bool, isTaken);
    CatalogFixture fixture;
    RepositorySettings settings = fixture.repository->settings;
    settings.description = description;
    const RepositoryKey key = RepositoryKey::parse(u"other").value();
    const auto created = fixture.repositories.create(key, RepositoryClass::Local, Layout::Legacy, settings);
    const auto changed = fixture.repositories.change(fixture.repository->id, settings);
    QCOMPARE(created.has_value(), isTaken);
    QCOMPARE(changed.has_value(), isTaken);
    if (!isTaken) {
        QCOMPARE(codeOf(created), ErrorCode::InvalidArgument);
        QCOMPARE(codeOf(changed), ErrorCode::InvalidArgument);
    }
}

/// There was no rule for them once.
void TestCatalogPackages::olderDescriptionsStay()
{
    CatalogFixture fixture;
    must(fixture.catalog.write([](db::Transaction& transaction) {
        return transaction.query(u"UPDATE repository SET description = ?").run(QStringLiteral("a\nb"));
    }));
    RepositorySettings settings = must(fixture.catalog.repository(fixture.repository->key)).settings;
    settings.quotaBytes = 5;
    QCOMPARE(must(fixture.repositories.change(fixture.repository->id, settings)).settings.quotaBytes, 5);
}

QTEST_GUILESS_MAIN(TestCatalogPackages)
#include "tst_catalogpackages.moc"
