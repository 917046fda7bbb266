// SPDX-License-Identifier: Apache-2.0
// Writes the database of data/README.md to the file named as argument. tst_olderdatabases knows what is in
// it.
#include "core/catalog/writing/claimwriter.h"
#include "core/catalog/writing/discussionwriter.h"
#include "core/catalog/writing/refwriter.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QCoreApplication>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

namespace {

const QString Alice = QStringLiteral("alice");

void fill(CatalogFixture& fixture)
{
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    std::vector<CatalogFixture::Bytes> files{{"README.md", "---\nlicense: mit\n---\n# Card\n"},
                                             {"config.json", "{}"},
                                             {"model.safetensors", "weights"}};
    for (int i = 0; i < 200; ++i)
        files.push_back({"data/part-" + QByteArray::number(i) + ".txt", "part"}); // small: one content
    const Commit first = fixture.add(package, files, QStringLiteral("first"));
    RefWriter refs(fixture.catalog, fixture.clock);
    must(refs.createTag(package.rowId,
                        {QStringLiteral("v1"), first.oid, QStringLiteral("note"), {Alice, {}}}));
    fixture.change(package, {DeletePath{CatalogFixture::path("data/part-7.txt")}}, QStringLiteral("second"));
    CommitRequest release = CatalogFixture::request(package, QStringLiteral("release"));
    release.ref = QStringLiteral("refs/heads/1.0");
    release.createRef = true;
    must(fixture.commit(release, {{"only.txt", "this"}}));
    CommitRequest pull = CatalogFixture::request(package, QStringLiteral("pull"));
    pull.createPullRequest = true;
    pull.description = QStringLiteral("why");
    must(fixture.commit(pull, {{"pulled.txt", "x"}}));
    DiscussionWriter discussions(fixture.catalog, fixture.clock);
    must(discussions.merge(package.rowId, 1, {Alice, {}}, QStringLiteral("thanks")));

    const Package moved = fixture.createPackage(QStringLiteral("acme/old"), PackageType::Dataset);
    PackageWriter writer(fixture.catalog, *fixture.store, fixture.clock);
    must(writer.move(moved.rowId, fixture.repository->id,
                     CatalogFixture::id(QStringLiteral("acme/new"), PackageType::Dataset)));
    store::ContentWriter staged = fixture.store->writer();
    const AddFile uploaded = CatalogFixture::file(staged, "x", "uploaded");
    must(staged.publish());
    must(ClaimWriter(fixture.catalog, fixture.clock).claim({7}, uploaded.content.sha256, staged));
}

/// The pages of a fresh database are mostly empty: smaller ones make a smaller file.
bool shrink(const QString& file)
{
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"));
    database.setDatabaseName(file);
    if (!database.open())
        return false;
    for (const char* sql : {"PRAGMA journal_mode = DELETE", "PRAGMA page_size = 512", "VACUUM"}) {
        QSqlQuery query(database);
        if (!query.exec(QString::fromLatin1(sql)))
            return false;
    }
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    if (argc != 2)
        qFatal("usage: make_catalog_data FILE");
    const QString file = QString::fromLocal8Bit(argv[1]);
    CatalogFixture fixture;
    fill(fixture);
    must(fixture.database->copyTo(file));
    return shrink(file) ? 0 : 1;
}
