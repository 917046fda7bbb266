// SPDX-License-Identifier: Apache-2.0
#include "tests/core/catalog/catalogfixture.h"

#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

/// Commits to revisions that are not branches.
class TestCommitRelease : public QObject {
    Q_OBJECT
private slots:
    void unknownRevisionBecomesARelease();
    void releaseNamedLikeACommit();
    void releaseIsProtected();
    void tagsAreNoTargets();
};

void TestCommitRelease::unknownRevisionBecomesARelease()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    request.ref = QStringLiteral("refs/heads/v1.0");
    QCOMPARE(codeOf(fixture.commit(request, {{"a", "b"}})), ErrorCode::RevisionNotFound);
    request.createRef = true;
    const auto made = fixture.commit(request, {{"a", "b"}});
    VERIFY_OK(made);
    QVERIFY(made->refCreated);
    QCOMPARE(made->ref.kind, RefKind::Release);
    QVERIFY(made->commit.parents.empty());
    QCOMPARE(fixture.filesAt(package, made->commit.oid), QByteArrayList{"a"});
    QCOMPARE(made->package.head, package.head);
    const std::pair<const char*, ErrorCode> refused[] = {{"refs/heads/a..b", ErrorCode::InvalidRevision},
                                                         {"refs/heads/", ErrorCode::InvalidRevision},
                                                         {"v3", ErrorCode::InvalidRevision},
                                                         {"refs/tags/v2", ErrorCode::RevisionNotFound},
                                                         {"refs/pr/5", ErrorCode::RevisionNotFound},
                                                         {"refs/heads/v1.0/x", ErrorCode::AlreadyExists}};
    for (const auto& [name, code] : refused) {
        request.ref = QString::fromUtf8(name);
        QCOMPARE(codeOf(fixture.commit(request, {{"a", "b"}})), code);
    }
}

void TestCommitRelease::releaseNamedLikeACommit()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    const QString name = QStringLiteral("0123456789abcdef0123456789abcdef01234567");
    CommitRequest request = CatalogFixture::request(package);
    request.ref = QStringLiteral("refs/heads/") + name;
    request.createRef = true;
    const auto made = fixture.commit(request, {{"a", "b"}});
    VERIFY_OK(made);
    const auto byName = fixture.catalog.resolve(package.rowId, name);
    VERIFY_OK(byName);
    QCOMPARE(byName->sha, name.toLatin1());
    QCOMPARE(byName->commit.oid, made->commit.oid);
    const auto byId = fixture.catalog.resolve(package.rowId, QString::fromLatin1(made->commit.oid.toHex()));
    VERIFY_OK(byId);
    QCOMPARE(byId->sha, made->commit.oid.toHex());
}

void TestCommitRelease::releaseIsProtected()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    request.ref = QStringLiteral("refs/heads/v1.0");
    request.createRef = true;
    request.mayOverwriteRelease = false;
    const auto first = fixture.commit(request, {{"a", "b"}});
    VERIFY_OK(first);
    const auto refused = fixture.commit(request, {{"a", "c"}});
    QCOMPARE(codeOf(refused), ErrorCode::Conflict);
    QVERIFY(
        refused.error().detail().startsWith(QLatin1String("Revision 'v1.0' of acme/bert already exists")));
    request.mayOverwriteRelease = true;
    const auto second = fixture.commit(request, {{"c", "d"}});
    VERIFY_OK(second);
    QCOMPARE(fixture.filesAt(package, second->commit.oid), (QByteArrayList{"a", "c"}));
    VERIFY_OK(fixture.catalog.commit(package.rowId, first->commit.oid));
}

void TestCommitRelease::tagsAreNoTargets()
{
    CatalogFixture fixture;
    const Package package = fixture.createPackage(QStringLiteral("acme/bert"));
    CommitRequest request = CatalogFixture::request(package);
    request.ref = QStringLiteral("refs/tags/v1");
    QCOMPARE(codeOf(fixture.commit(request, {{"a", "b"}})), ErrorCode::RevisionNotFound);
    request.ref = QString::fromLatin1(package.head.toHex());
    QCOMPARE(codeOf(fixture.commit(request, {{"a", "b"}})), ErrorCode::RevisionNotFound);
}

QTEST_GUILESS_MAIN(TestCommitRelease)
#include "tst_commitrelease.moc"
