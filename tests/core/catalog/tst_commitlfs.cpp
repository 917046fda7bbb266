// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/formats/lfspointer.h"
#include "core/catalog/writing/claimwriter.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

/// Which files of a commit are kept as LFS objects, and what .gitattributes says about them.
class TestCommitLfs : public QObject {
    Q_OBJECT
private slots:
    void ownAttributesReplaceTheDefault();
    void lfsFilesAreCovered();
    void renamedLfsFilesAreCovered();
    void attributesDecideWithinTheCommit();
    void attributesThatTakeTooLongAreRefused();
    void emptyFilesAreNeverLfs();
    void storedContentMayBeNamed();
};

void TestCommitLfs::ownAttributesReplaceTheDefault()
{
    CatalogFixture fixture;
    store::ContentWriter writer = fixture.store->writer();
    const std::vector<AddFile> files{CatalogFixture::file(writer, ".gitattributes", "*.x filter=lfs\n"),
                                     CatalogFixture::file(writer, "a.x", "bytes")};
    const NewPackage fresh{fixture.repository->id,
                           CatalogFixture::id(QStringLiteral("acme/bert")),
                           true,
                           {QStringLiteral("alice"), {}}};
    const auto package =
        PackageWriter(fixture.catalog, *fixture.store, fixture.clock).create(fresh, files, &writer);
    VERIFY_OK(package);
    QVERIFY(package->isPrivate);
    QVERIFY(must(fixture.catalog.entry(package->rowId, package->head, path("a.x"))).lfs);
    QCOMPARE(must(fixture.catalog.text(package->rowId, package->head, path(".gitattributes"))),
             std::optional<QByteArray>("*.x filter=lfs\n"));
    store::ContentWriter none = fixture.store->writer();
    const auto again = PackageWriter(fixture.catalog, *fixture.store, fixture.clock).create(fresh, {}, &none);
    QCOMPARE(codeOf(again), ErrorCode::AlreadyExists);
}

void TestCommitLfs::lfsFilesAreCovered()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    store::ContentWriter writer = fixture.store->writer();
    request.operations.push_back(CatalogFixture::file(writer, "m.safetensors", "covered", StoreAs::Lfs));
    request.operations.push_back(CatalogFixture::file(writer, "d/odd name.dat", "not covered", StoreAs::Lfs));
    request.operations.push_back(
        CatalogFixture::file(writer, "plain.bin", "regular on demand", StoreAs::Regular));
    const auto made = CommitWriter(fixture.catalog, *fixture.store, fixture.clock).commit(request, &writer);
    VERIFY_OK(made);
    const GitOid head = made->commit.oid;
    const QByteArray text =
        must(fixture.catalog.text(package.rowId, head, path(".gitattributes"))).value_or(QByteArray());
    QCOMPARE(text, defaultGitAttributes(PackageType::Model) +
                       "\"d/odd name.dat\" filter=lfs diff=lfs merge=lfs -text\n");
    const TreeEntry attributes = must(fixture.catalog.entry(package.rowId, head, path(".gitattributes")));
    QCOMPARE(fixture.bytesOf(attributes), text);
    const TreeEntry odd = must(fixture.catalog.entry(package.rowId, head, path("d/odd name.dat")));
    QVERIFY(odd.lfs);
    QCOMPARE(odd.oid, gitObjectOid("blob", LfsPointer{odd.content, 11}.text()));
    QCOMPARE(odd.pointerSize, (LfsPointer{odd.content, 11}.text().size()));
    QVERIFY(!must(fixture.catalog.entry(package.rowId, head, path("plain.bin"))).lfs);
    const Commit next = fixture.add(package, {{"other.safetensors", "x"}});
    QCOMPARE(must(fixture.catalog.entry(package.rowId, next.oid, path(".gitattributes"))).oid,
             attributes.oid);
}

void TestCommitLfs::renamedLfsFilesAreCovered()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    fixture.add(package, {{"m.bin", "x"}});
    const Commit moved = fixture.change(package, {RenamePath{path("m.bin"), path("m.odd")}});
    QVERIFY(must(fixture.catalog.entry(package.rowId, moved.oid, path("m.odd"))).lfs);
    const auto text = must(fixture.catalog.text(package.rowId, moved.oid, path(".gitattributes")));
    QVERIFY(text && text->endsWith("\nm.odd filter=lfs diff=lfs merge=lfs -text\n"));
}

void TestCommitLfs::attributesDecideWithinTheCommit()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit commit =
        fixture.add(package, {{"a.one", "x"}, {"a.bin", "x"}, {".gitattributes", "*.one filter=lfs\n"}});
    QVERIFY(must(fixture.catalog.entry(package.rowId, commit.oid, path("a.one"))).lfs);
    QVERIFY(!must(fixture.catalog.entry(package.rowId, commit.oid, path("a.bin"))).lfs);
}

void TestCommitLfs::attributesThatTakeTooLongAreRefused()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    store::ContentWriter writer = fixture.store->writer();
    request.operations.push_back(CatalogFixture::file(
        writer, ".gitattributes", (QByteArray("*a").repeated(500) + "*c* filter=lfs\n").repeated(60)));
    for (int i = 0; i < 100; ++i) {
        request.operations.push_back(
            CatalogFixture::file(writer, QByteArray("a").repeated(200) + QByteArray::number(i), "x"));
    }
    const auto made = CommitWriter(fixture.catalog, *fixture.store, fixture.clock).commit(request, &writer);
    QCOMPARE(codeOf(made), ErrorCode::TooLarge);
}

void TestCommitLfs::emptyFilesAreNeverLfs()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Commit commit = fixture.add(package, {{"a.bin", ""}});
    const TreeEntry entry = must(fixture.catalog.entry(package.rowId, commit.oid, path("a.bin")));
    QVERIFY(!entry.lfs);
    QCOMPARE(entry.oid.toHex(), QByteArray("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391"));
}

void TestCommitLfs::storedContentMayBeNamed()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    store::ContentWriter writer = fixture.store->writer();
    const AddFile staged = CatalogFixture::file(writer, "x", "uploaded before");
    VERIFY_OK(writer.publish());
    VERIFY_OK(ClaimWriter(fixture.catalog, fixture.clock).claim({7}, staged.content.sha256, writer));
    const auto name = [&](qint64 size) {
        CommitRequest request = CatalogFixture::request(package);
        request.operations.push_back(
            AddFile{path("m.bin"), {staged.content.sha256, {}, size}, StoreAs::Auto, {}});
        return fixture.commit(request, {});
    };
    QCOMPARE(codeOf(name(3)), ErrorCode::LengthMismatch);
    const auto made = name(-1);
    VERIFY_OK(made);
    const TreeEntry entry = must(fixture.catalog.entry(package.rowId, made->commit.oid, path("m.bin")));
    QVERIFY(entry.lfs);
    QCOMPARE(entry.size, 15);
    QCOMPARE(fixture.bytesOf(entry), QByteArray("uploaded before"));
}

QTEST_GUILESS_MAIN(TestCommitLfs)
#include "tst_commitlfs.moc"
