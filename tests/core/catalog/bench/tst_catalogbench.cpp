// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/model/refname.h"
#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/writing/commitmaker.h"
#include "core/catalog/writing/refpublisher.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

namespace {

constexpr int Million = 1'000'000;
constexpr int FilesPerFolder = 1000;
constexpr double ListingLimitMs = 20;
constexpr double SmallFilesLimitMs = 500;

QByteArray flatName(int i)
{
    return "part-" + QByteArray::number(i).rightJustified(7, '0') + ".parquet";
}

QByteArray nestedName(int i)
{
    return "shard-" + QByteArray::number(i / FilesPerFolder).rightJustified(4, '0') + '/' + flatName(i);
}

/// Content is not stored for a bench of the catalog.
AddFile imaginaryFile(const QByteArray& path, const QByteArray& bytes)
{
    return {CatalogFixture::path(path),
            {Sha256Hasher::hash(bytes), gitObjectOid("blob", bytes), 1024},
            StoreAs::Regular,
            {}};
}

/// Milliseconds of the median of several runs.
template <typename F>
double medianMs(int runs, F work)
{
    std::vector<double> times;
    for (int i = 0; i < runs; ++i) {
        QElapsedTimer timer;
        timer.start();
        work(i);
        times.push_back(double(timer.nsecsElapsed()) / 1e6);
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

} // namespace

/// Times of the catalog alone, without the content store. Not part of the unit tests (label bench).
class TestCatalogBench : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void listing_data();
    void listing();
    void findingOneFile_data();
    void findingOneFile();
    void changingOneOfAMillion_data();
    void changingOneOfAMillion();
    void committingSmallFiles_data();
    void committingSmallFiles();
    void lastCommits();

private:
    [[nodiscard]] Package packageOf(const QByteArray& name) const { return m_packages.value(name).front(); }
    void commit(const Package& package, std::vector<Operation> operations);
    void addMillion(const QByteArray& name, QByteArray (*path)(int));

    CatalogFixture m_fixture;
    QMap<QByteArray, std::vector<Package>> m_packages;
};

/// A commit without content to stage.
void TestCatalogBench::commit(const Package& package, std::vector<Operation> operations)
{
    CommitRequest request = CatalogFixture::request(package);
    request.operations = std::move(operations);
    m_fixture.clock.advance(1000);
    must(CommitWriter(m_fixture.catalog, *m_fixture.store, m_fixture.clock).commit(request, nullptr));
}

void TestCatalogBench::addMillion(const QByteArray& name, QByteArray (*path)(int))
{
    const Package package = m_fixture.createPackage(QStringLiteral("acme/") + QString::fromLatin1(name));
    std::vector<Operation> operations;
    operations.reserve(Million);
    for (int i = 0; i < Million; ++i)
        operations.push_back(imaginaryFile(path(i), "same"));
    QElapsedTimer timer;
    timer.start();
    commit(package, std::move(operations));
    qInfo("%s: commit of %d files took %lld ms", name.constData(), Million, timer.elapsed());
    m_packages[name] = {must(m_fixture.catalog.package(package.rowId))};
}

void TestCatalogBench::initTestCase()
{
    addMillion("flat", flatName);
    addMillion("nested", nestedName);
}

void TestCatalogBench::listing_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<bool>("recursive");
    QTest::newRow("flat") << QByteArray("flat") << false;
    QTest::newRow("flat, recursive") << QByteArray("flat") << true;
    QTest::newRow("nested, recursive") << QByteArray("nested") << true;
    QTest::newRow("nested, top folder") << QByteArray("nested") << false;
}

/// Pages of 1,000 at the beginning, in the middle and near the end, each with caches as a server would have
/// them and with none.
void TestCatalogBench::listing()
{
    QFETCH(const QByteArray, name);
    QFETCH(const bool, recursive);
    const Package package = packageOf(name);
    const bool nested = name == "nested";
    double worst = 0;
    double worstCold = 0;
    for (const double depth : {0.0, 0.25, 0.5, 0.75, 0.99}) {
        const int i = int(depth * Million);
        TreeQuery query;
        query.recursive = recursive;
        const QByteArray position = depth == 0 ? QByteArray()
                                    : nested   ? (recursive ? nestedName(i) : nestedName(i).left(11))
                                               : flatName(i);
        query.cursor = position.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
        const auto list = [&](const Catalog& catalog) {
            const auto page = must(catalog.tree(package.rowId, package.head, query));
            QVERIFY(!page.items.empty());
        };
        worst = std::max(worst, medianMs(15, [&](int) { list(m_fixture.catalog); }));
        worstCold = std::max(worstCold, medianMs(5, [&](int) { list(Catalog(*m_fixture.database)); }));
    }
    qInfo("page of 1000: %.2f ms, with cold caches %.2f ms", worst, worstCold);
    QVERIFY(worst <= ListingLimitMs);
    QVERIFY(worstCold <= ListingLimitMs);
}

void TestCatalogBench::findingOneFile_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::newRow("flat") << QByteArray("flat");
    QTest::newRow("nested") << QByteArray("nested");
}

void TestCatalogBench::findingOneFile()
{
    QFETCH(const QByteArray, name);
    const Package package = packageOf(name);
    const double ms = medianMs(2000, [&](int i) {
        const int number = i * 7919 % Million;
        const RepoPath path = CatalogFixture::path(name == "nested" ? nestedName(number) : flatName(number));
        const Revision revision = must(m_fixture.catalog.resolve(package.rowId, QStringLiteral("main")));
        must(m_fixture.catalog.entry(package.rowId, revision.commit.oid, path));
    });
    qInfo("resolve and entry: %.3f ms", ms);
    QVERIFY(ms < 2);
}

void TestCatalogBench::changingOneOfAMillion_data()
{
    findingOneFile_data();
}

void TestCatalogBench::changingOneOfAMillion()
{
    QFETCH(const QByteArray, name);
    const Package package = packageOf(name);
    const double ms = medianMs(5, [&](int i) {
        const QByteArray path = name == "nested" ? nestedName(i * 1000) : flatName(i * 1000);
        commit(package, {imaginaryFile(path, QByteArray::number(i))});
    });
    qInfo("commit of one file: %.1f ms", ms);
    QVERIFY(ms < 2000);
}

void TestCatalogBench::committingSmallFiles_data()
{
    QTest::addColumn<bool>("nested");
    QTest::newRow("flat") << false;
    QTest::newRow("in 1000 folders") << true;
}

void TestCatalogBench::committingSmallFiles()
{
    QFETCH(const bool, nested);
    const double ms = medianMs(3, [&](int run) {
        const Package package =
            m_fixture.createPackage(QStringLiteral("small/n%1-%2").arg(int(nested)).arg(run));
        std::vector<Operation> operations;
        for (int i = 0; i < 10'000; ++i) {
            const QByteArray folder = nested ? QByteArray::number(i % 1000) + '/' : QByteArray();
            operations.push_back(imaginaryFile(
                folder + flatName(i), QByteArray::number(run * 2 + int(nested)) + QByteArray::number(i)));
        }
        QElapsedTimer timer;
        timer.start();
        commit(package, std::move(operations));
        qInfo("commit of 10,000 files: %lld ms", timer.elapsed());
    });
    QVERIFY(ms <= SmallFilesLimitMs * 1.2); // with making the package and the request
}

void TestCatalogBench::lastCommits()
{
    const Package package = m_fixture.createPackage(QStringLiteral("acme/history"));
    std::vector<Operation> files;
    for (int i = 0; i < 20'000; ++i)
        files.push_back(imaginaryFile(flatName(i), "start"));
    commit(package, std::move(files));
    for (int i = 0; i < 500; ++i)
        commit(package, {imaginaryFile(flatName(i * 37 % 20'000), QByteArray::number(i))});
    const GitOid head = must(m_fixture.catalog.package(package.rowId)).head;
    std::vector<RepoPath> paths;
    for (int i = 0; i < 1000; ++i)
        paths.push_back(CatalogFixture::path(flatName(i)));
    QElapsedTimer timer;
    timer.start();
    must(m_fixture.catalog.lastCommits(package.rowId, head, paths));
    const qint64 first = timer.restart();
    must(m_fixture.catalog.lastCommits(package.rowId, head, paths));
    qInfo("last commits of 1,000 files over 500 commits: %lld ms, again %lld ms", first, timer.elapsed());
    QVERIFY(first < 2000);
}

QTEST_GUILESS_MAIN(TestCatalogBench)
#include "tst_catalogbench.moc"
