// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/writing/claimwriter.h"
#include "core/catalog/writing/treesweep.h"
#include "tests/core/catalog/catalogfixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

/// Which contents of the store the catalog needs, and for what.
class TestCatalogContents : public QObject {
    Q_OBJECT
private slots:
    void contentMayBeClaimed();
    void contentUsesAreNamed();
    void sweepsKeepWhatIsNeeded();
};

void TestCatalogContents::contentMayBeClaimed()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    fixture.add(package, {{"m.bin", "committed"}});
    store::ContentWriter writer = fixture.store->writer();
    const Sha256 uploaded = CatalogFixture::file(writer, "x", "uploaded").content.sha256;
    must(writer.publish());
    ClaimWriter claims(fixture.catalog, fixture.clock);
    const Sha256 committed = Sha256Hasher::hash("committed");
    const QString local = QStringLiteral("hf-local");
    must(claims.claim({7, local}, uploaded, writer));
    const auto may = [&](qint64 user, const Sha256& content, bool visible,
                         const std::optional<QString>& repository = {}) {
        return must(fixture.catalog.mayClaim({user, repository}, content, fixture.clock.nowMs(),
                                             [&](const Package&) { return visible; }));
    };
    QVERIFY(may(7, uploaded, false));
    QVERIFY(may(7, uploaded, false, local));
    QVERIFY(!may(7, uploaded, false, QStringLiteral("other")));
    QVERIFY(may(7, committed, true, QStringLiteral("other")));
    QVERIFY(!may(8, uploaded, true));
    QVERIFY(may(8, committed, true));
    QVERIFY(!may(8, committed, false));
    QVERIFY(!may(8, Sha256Hasher::hash("?"), true));
    fixture.clock.advance(ClaimWriter::LifeMs - 1);
    QVERIFY(may(7, uploaded, false));
    must(claims.renew({7, local}, uploaded));
    fixture.clock.advance(ClaimWriter::LifeMs - 1);
    QVERIFY(may(7, uploaded, false));
    fixture.clock.advance(1);
    QVERIFY(!may(7, uploaded, false));
    VERIFY_OK(claims.dropExpired());
    QCOMPARE(codeOf(claims.renew({7, local}, Sha256Hasher::hash("?"))), ErrorCode::ContentMissing);
}

void TestCatalogContents::contentUsesAreNamed()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const Package other = fixture.createPackage(QStringLiteral("acme/other"));
    fixture.add(package, {{"a.bin", "x"}, {"d/b.bin", "x"}});
    const Commit old = fixture.add(other, {{"c.bin", "x"}});
    fixture.change(other, {DeletePath{path("c.bin")}});
    const auto uses = fixture.catalog.contentUses(Sha256Hasher::hash("x"), 10);
    VERIFY_OK(uses);
    QStringList lines;
    for (const ContentUse& use : *uses)
        lines += use.package.id.id() + u' ' + use.revision + u' ' + use.path.text();
    QCOMPARE(lines,
             (QStringList{QStringLiteral("acme/bert main a.bin"), QStringLiteral("acme/bert main d/b.bin"),
                          QStringLiteral("acme/other ") + QString::fromLatin1(old.oid.toHex()) +
                              QStringLiteral(" c.bin")}));
    QCOMPARE(must(fixture.catalog.contentUses(Sha256Hasher::hash("x"), 1)).size(), std::size_t(1));
}

void TestCatalogContents::sweepsKeepWhatIsNeeded()
{
    CatalogFixture fixture;
    const Package kept = fixture.createPackage(QStringLiteral("acme/kept"));
    const Package removed = fixture.createPackage(QStringLiteral("acme/removed"));
    fixture.add(kept, {{"d/shared.bin", "shared"}, {"d/old.bin", "old"}});
    fixture.add(removed, {{"d/shared.bin", "shared"}, {"d/own/gone.bin", "gone"}});
    fixture.change(kept, {DeletePath{path("d/old.bin")}});
    must(PackageWriter(fixture.catalog, *fixture.store, fixture.clock).remove(removed.rowId));
    const auto before = TreeSweep(fixture.catalog).run({}, {});
    VERIFY_OK(before);
    QVERIFY(before->trees >= 3 && before->pages >= 3);
    const auto again = TreeSweep(fixture.catalog).run({}, {});
    VERIFY_OK(again);
    QCOMPARE(again->trees + again->pages, 0);

    const auto live = fixture.catalog.liveContents(fixture.clock);
    must(fixture.store->sweep(live, false, {}, {}));
    fixture.clock.advance(10LL * 24 * 3600 * 1000);
    must(fixture.store->sweep(live, false, {}, {}));
    const auto isStored = [&](const char* bytes) {
        return must(fixture.store->size(Sha256Hasher::hash(bytes))).has_value();
    };
    QVERIFY(isStored("shared"));
    QVERIFY(isStored("old")); // an older commit holds it
    QVERIFY(!isStored("gone"));
    // What was removed can come back.
    const Package back = fixture.createPackage(QStringLiteral("acme/removed"));
    const Commit commit = fixture.add(back, {{"d/shared.bin", "shared"}, {"d/own/gone.bin", "gone"}});
    QCOMPARE(fixture.filesAt(back, commit.oid),
             (QByteArrayList{".gitattributes", "d/own/gone.bin", "d/shared.bin"}));
    QCOMPARE(must(TreeSweep(fixture.catalog).run({}, {})).trees, 0);
}

QTEST_GUILESS_MAIN(TestCatalogContents)
#include "tst_catalogcontents.moc"
