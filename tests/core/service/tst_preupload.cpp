// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/model/commitrequest.h"
#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

/// What clients are told before they upload.
class TestPreupload : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));

    static PreuploadDecision preupload(ServiceFixture& hublet, const PackageId& id, const PreuploadFile& file,
                                       PreuploadRequest request = {},
                                       const QString& revision = QStringLiteral("main"))
    {
        request.files = {file};
        const auto decisions = must(hublet->uploads().preupload(
            hublet.permit(hublet.owner(), Action::Write, id), id, revision, request));
        return decisions.at(0);
    }

private slots:
    void decidesTheMode_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<qint64>("size");
        QTest::addColumn<QByteArray>("sample");
        QTest::addColumn<bool>("insistsOnXet");
        QTest::addColumn<bool>("lfs");
        QTest::newRow("text") << QByteArray("a.txt") << qint64(10) << QByteArray("text") << false << false;
        QTest::newRow("by pattern") << QByteArray("a/w.safetensors") << qint64(10) << QByteArray("text")
                                    << false << true;
        QTest::newRow("large text") << QByteArray("a.txt") << qint64(11'000'000) << QByteArray("text")
                                    << false << true;
        QTest::newRow("binary") << QByteArray("a.dat") << qint64(100) << QByteArray("\0\1\2", 3) << false
                                << true;
        QTest::newRow("empty file") << QByteArray("w.safetensors") << qint64(0) << QByteArray() << false
                                    << false;
        QTest::newRow("client insists on Xet, which is off")
            << QByteArray("w.safetensors") << qint64(1 << 30) << QByteArray("x") << true << false;
    }
    void decidesTheMode()
    {
        QFETCH(QByteArray, file);
        QFETCH(qint64, size);
        QFETCH(QByteArray, sample);
        QFETCH(bool, insistsOnXet);
        QFETCH(bool, lfs);
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        hublet.setXet(!insistsOnXet);
        PreuploadRequest request;
        request.clientInsistsOnXet = insistsOnXet;
        const auto decision = preupload(hublet, m_bert, {path(file), size, sample}, request);
        QCOMPARE(decision.mode == UploadMode::Lfs, lfs);
        QVERIFY(!decision.ignore);
        QVERIFY(decision.currentOid.isEmpty());
    }

    void looksAtStoredAndSentRules()
    {
        ServiceFixture hublet;
        NewPackage what;
        what.files = {{path(".gitattributes"), "*.txt filter=lfs\n"}, {path(".gitignore"), "*.tmp\n"}};
        (void)hublet.createPackage(hublet.owner(), m_bert, what);
        QCOMPARE(preupload(hublet, m_bert, {path("a.txt"), 5, "text"}).mode, UploadMode::Lfs);
        QVERIFY(preupload(hublet, m_bert, {path("a.tmp"), 5, "text"}).ignore);
        PreuploadRequest request;
        request.gitAttributes = "*.md filter=lfs\n";
        request.gitIgnore = "*.txt\n";
        const auto decision = preupload(hublet, m_bert, {path("a.txt"), 5, "text"}, request);
        QCOMPARE(decision.mode, UploadMode::Regular);
        QVERIFY(decision.ignore);
        QVERIFY(!preupload(hublet, m_bert, {path("a.tmp"), 5, "text"}, request).ignore);
    }

    void rulesThatTakeTooLongAreRefused()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        PreuploadRequest request;
        request.gitIgnore = (QByteArray("*a").repeated(500) + "*c*\n").repeated(60);
        for (int i = 0; i < 100; ++i)
            request.files.push_back(
                {path(QByteArray("a").repeated(200) + '/' + QByteArray::number(i)), 5, "text"});
        const Permit permit = hublet.permit(hublet.owner(), Action::Write, m_bert);
        const auto ask = [&] {
            return hublet->uploads().preupload(permit, m_bert, QStringLiteral("main"), request);
        };
        QCOMPARE(ask().error().code(), ErrorCode::TooLarge);
        request.files.resize(1);
        (void)must(ask());
        request.gitIgnore =
            "*\n" + QByteArray("#").repeated(catalog::AddFile::TextLimit); // as if it said nothing
        QVERIFY(!must(ask()).at(0).ignore);
    }

    void tellsWhatIsThereNow()
    {
        ServiceFixture hublet;
        NewPackage what;
        what.files = {{path("a.txt"), "hello\n"}};
        (void)hublet.createPackage(hublet.owner(), m_bert, what);
        const QByteArray weights = someBytes(5000);
        must(hublet.uploadLfs(hublet.owner(), weights));
        must(hublet.commitLfs(hublet.owner(), m_bert, QStringLiteral("main"), "dir/w.bin", weights));
        QCOMPARE(preupload(hublet, m_bert, {path("a.txt"), 6, "hello\n"}).currentOid,
                 QByteArray("ce013625030ba8dba906f756967f9e9ca394464a"));
        QCOMPARE(preupload(hublet, m_bert, {path("dir/w.bin"), weights.size(), {}}).currentOid,
                 Sha256Hasher::hash(weights).toHex());
        QVERIFY(preupload(hublet, m_bert, {path("dir"), 6, {}}).currentOid.isEmpty());
    }

    void checksPreuploadTargets()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        const auto ask = [&](const PackageId& id, const QString& revision, bool pullRequest = false) {
            PreuploadRequest request;
            request.createPullRequest = pullRequest;
            return errorName(
                hublet->uploads().preupload(hublet.permit(writer, Action::Write, id), id, revision, request));
        };
        QCOMPARE(ask(m_bert, QStringLiteral("main")), QStringLiteral("no error")); // created on deploy
        QCOMPARE(ask(m_bert, QStringLiteral("main"), true), QStringLiteral("PackageNotFound"));
        QCOMPARE(ask(model(QStringLiteral("bare")), QStringLiteral("main")), QStringLiteral("InvalidName"));
        must(hublet.commit(writer, m_bert, QStringLiteral("v1"), {{"a", "1"}}));
        const auto head = must(hublet->browse().revision(hublet.permit(writer, Action::Read, m_bert), m_bert,
                                                         QStringLiteral("v1")));
        must(hublet->packages().createTag(hublet.permit(writer, Action::Write, m_bert), m_bert,
                                          QStringLiteral("v1"), QStringLiteral("tag"), {}));
        hublet.clock().advance(3'600'000);
        QCOMPARE(ask(m_bert, QStringLiteral("v1")), QStringLiteral("Conflict"));
        QCOMPARE(ask(m_bert, QStringLiteral("v1"), true),
                 QStringLiteral("no error")); // leaves the release alone
        QCOMPARE(ask(m_bert, QStringLiteral("absent"), true), QStringLiteral("RevisionNotFound"));
        QCOMPARE(ask(m_bert, QStringLiteral("tag")), QStringLiteral("RevisionNotFound"));
        QCOMPARE(ask(m_bert, QStringLiteral("refs/tags/tag")), QStringLiteral("RevisionNotFound"));
        QCOMPARE(ask(m_bert, QStringLiteral("refs/pr/7")), QStringLiteral("RevisionNotFound"));
        QCOMPARE(ask(m_bert, QString::fromLatin1(head.sha)), QStringLiteral("RevisionNotFound"));
        QCOMPARE(ask(m_bert, QStringLiteral("a b")), QStringLiteral("InvalidRevision"));
        QCOMPARE(ask(m_bert, QString(40, u'a')), QStringLiteral("no error")); // a release may look like an id
        QCOMPARE(ask(m_bert, QStringLiteral("under_score")), QStringLiteral("no error"));
        hublet.changeRepository([](auto& settings) { settings.strictRevisionNames = true; });
        QCOMPARE(ask(m_bert, QStringLiteral("under_score")), QStringLiteral("InvalidRevision"));
        hublet.changeRepository([](auto& settings) { settings.createOnDeploy = false; });
        QCOMPARE(ask(m_bert, QStringLiteral("v2")), QStringLiteral("RevisionNotFound"));
        QCOMPARE(ask(model(QStringLiteral("acme/new")), QStringLiteral("main")),
                 QStringLiteral("PackageNotFound"));
    }

    void saysWhyAReleaseIsClosed()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        must(hublet.commit(writer, m_bert, QStringLiteral("v1"), {{"a", "1"}}));
        hublet.clock().advance(3'600'000);
        const auto refused = hublet->uploads().preupload(hublet.permit(writer, Action::Write, m_bert), m_bert,
                                                         QStringLiteral("v1"), {});
        QCOMPARE(refused.error().detail(),
                 QStringLiteral("Revision 'v1' of acme/bert already exists and you have no "
                                "Delete/Overwrite permission on hf-local"));
    }
};

QTEST_GUILESS_MAIN(TestPreupload)
#include "tst_preupload.moc"
