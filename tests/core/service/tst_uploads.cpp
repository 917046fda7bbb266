// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/model/commitrequest.h"
#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestUploads : public QObject {
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
    static Result<QByteArray> receivePart(ServiceFixture& hublet, UploadTicket ticket, int number,
                                          const QByteArray& bytes)
    {
        ticket.part = number;
        auto upload = hublet->uploads().receive(ticket, bytes.size(), QStringLiteral("test"));
        if (!upload)
            return forward(upload);
        must((*upload)->append(bytes));
        return (*upload)->finish();
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

    void storesLfsObjects()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        const QByteArray weights = someBytes(3'000'000);
        const Sha256 digest = Sha256Hasher::hash(weights);
        const auto writing = hublet.permit(writer, Action::Write, m_bert);
        QCOMPARE(must(hublet->uploads().alreadyUploaded(writing, digest, weights.size())), false);
        QCOMPARE(errorName(hublet->uploads().verifyObject(writing, digest, weights.size())),
                 QStringLiteral("ContentMissing"));
        QVERIFY(hublet.uploadLfs(writer, weights));
        QCOMPARE(must(hublet->uploads().alreadyUploaded(writing, digest, weights.size())), true);
        QCOMPARE(must(hublet->uploads().alreadyUploaded(writing, digest, weights.size() + 1)), false);
        QVERIFY(hublet->uploads().verifyObject(writing, digest, weights.size()));
        QCOMPARE(errorName(hublet->uploads().verifyObject(writing, digest, 1)),
                 QStringLiteral("LengthMismatch"));
        must(hublet.commitLfs(writer, m_bert, QStringLiteral("main"), "w.bin", weights));
        QCOMPARE(hublet.files(writer, m_bert, QStringLiteral("main")).at("w.bin"), weights);

        const auto transfers = hublet->transfers().snapshot();
        const auto upload = std::find_if(transfers.begin(), transfers.end(), [&](const TransferInfo& info) {
            return info.file == QStringLiteral("LFS file ") + QString::fromLatin1(digest.toHex().left(8));
        });
        QVERIFY(upload != transfers.end());
        QCOMPARE(upload->done, weights.size());
        QCOMPARE(upload->total, weights.size());
        QCOMPARE(upload->principal, writer.name);
        QVERIFY(upload->endedMs > 0 && upload->error.isEmpty());
    }

    void refusesWrongObjects()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        const QByteArray right = someBytes(100'000);
        const UploadTicket ticket = hublet.ticket(writer, right);
        Uploads& uploads = hublet->uploads();
        QCOMPARE(errorName(uploads.receive(ticket, right.size() - 1, {})), QStringLiteral("LengthMismatch"));
        {
            auto upload = must(uploads.receive(ticket, -1, {}));
            QVERIFY(upload->append(right.left(500)));
            QCOMPARE(errorName(upload->finish()), QStringLiteral("LengthMismatch"));
        }
        {
            auto upload = must(uploads.receive(ticket, right.size(), {}));
            QVERIFY(upload->append(someBytes(right.size(), 2)));
            QCOMPARE(errorName(upload->finish()), QStringLiteral("DigestMismatch"));
        }
        {
            auto abandoned = must(uploads.receive(ticket, right.size(), {}));
            QVERIFY(abandoned->append(right.left(1000)));
        }
        QCOMPARE(must(uploads.alreadyUploaded(hublet.permit(writer, Action::Write, m_bert), ticket.content,
                                              right.size())),
                 false);
        QCOMPARE(must(hublet->maintenance().status()).store.contents, 0);
        for (const TransferInfo& info : hublet->transfers().snapshot())
            QVERIFY2(!info.error.isEmpty(), "each of these ended early");
    }

    void ticketsEndWithTheirToken()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        UploadTicket ticket = hublet.ticket(writer, "bytes");
        const QByteArray text = hublet->uploads().sign(ticket);
        QVERIFY(must(hublet->uploads().readTicket(text)) == ticket);
        hublet.reopen(); // signed URLs survive a restart
        QVERIFY(must(hublet->uploads().readTicket(text)) == ticket);
        must(hublet->directory().revokeToken(writer.tokenId));
        QCOMPARE(errorName(hublet->uploads().receive(ticket, 5, {})), QStringLiteral("BadCredentials"));
        QCOMPARE(errorName(hublet->uploads().complete(ticket, {})), QStringLiteral("BadCredentials"));
        ticket.tokenId = 0;
        QVERIFY(hublet->uploads().receive(ticket, 5, {}));
        must(hublet->directory().deleteUser(writer.name));
        QCOMPARE(errorName(hublet->uploads().receive(ticket, 5, {})), QStringLiteral("BadCredentials"));
        hublet.clock().advance(3'600'001);
        QCOMPARE(errorName(hublet->uploads().readTicket(text)), QStringLiteral("Forbidden"));
    }

    void ticketsEndWithTheRight()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read});
        access::Permission permission;
        permission.name = QStringLiteral("writing");
        permission.repositories = {QStringLiteral("ANY")};
        permission.includes = {m_bert.artifactPath() + QStringLiteral("/**")};
        permission.users.insert(writer.name, {Action::Write});
        must(hublet->directory().createPermission(permission));
        UploadTicket ticket = hublet.ticket(writer, "bytes");
        ticket.path = m_bert.artifactPath();
        ticket.partSize = 5;
        const auto etag = must(receivePart(hublet, ticket, 1, "bytes"));
        const std::vector<Uploads::Part> parts{{1, etag}};
        UploadTicket elsewhere = ticket;
        elsewhere.path = QStringLiteral("models/acme/other");
        QCOMPARE(errorName(hublet->uploads().receive(elsewhere, 5, {})), QStringLiteral("Forbidden"));

        must(hublet->directory().deletePermission(permission.name));
        for (const qint64 token : {writer.tokenId, qint64(0)}) {
            ticket.tokenId = token;
            ticket.part = 1;
            const auto refused = hublet->uploads().receive(ticket, 5, {});
            QCOMPARE(errorName(refused), QStringLiteral("Forbidden"));
            QCOMPARE(refused.error().detail(),
                     QStringLiteral("'writer' may not write to models/acme/bert in hf-local any more"));
            ticket.part = 0;
            QCOMPARE(errorName(hublet->uploads().complete(ticket, parts)), QStringLiteral("Forbidden"));
        }
        must(hublet->directory().createPermission(permission));
        QVERIFY(hublet->uploads().complete(ticket, parts));
    }

    void assemblesMultipartUploads()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        const QByteArray weights = someBytes(2'500'000);
        constexpr qint64 PartSize = 1'000'000;
        UploadTicket ticket = hublet.ticket(writer, weights);
        ticket.partSize = PartSize;
        Uploads& uploads = hublet->uploads();
        std::vector<Uploads::Part> parts;
        for (const int number : {3, 1, 2}) { // in any order
            const QByteArray bytes = weights.mid((number - 1) * PartSize, PartSize);
            const auto etag = receivePart(hublet, ticket, number, bytes);
            QVERIFY2(etag && !etag->isEmpty(), qPrintable(errorName(etag)));
            parts.push_back({number, '"' + *etag + '"'});
        }
        QCOMPARE(errorName(receivePart(hublet, ticket, 4, "x")), QStringLiteral("InvalidArgument"));
        QCOMPARE(errorName(receivePart(hublet, ticket, 3, weights.left(PartSize))),
                 QStringLiteral("LengthMismatch"));

        auto wrong = parts;
        wrong.pop_back();
        QCOMPARE(errorName(uploads.complete(ticket, wrong)), QStringLiteral("InvalidArgument"));
        wrong = parts;
        wrong[1].number = 3;
        QCOMPARE(errorName(uploads.complete(ticket, wrong)), QStringLiteral("InvalidArgument"));
        wrong = parts;
        std::swap(wrong[1].etag, wrong[2].etag);
        QCOMPARE(errorName(uploads.complete(ticket, wrong)), QStringLiteral("DigestMismatch"));
        wrong = parts;
        wrong[0].etag = "nonsense";
        QCOMPARE(errorName(uploads.complete(ticket, wrong)), QStringLiteral("InvalidArgument"));

        QVERIFY(uploads.complete(ticket, parts));
        QVERIFY(uploads.complete(ticket, parts)); // idempotent
        must(hublet.commitLfs(writer, m_bert, QStringLiteral("main"), "w.bin", weights));
        QCOMPARE(hublet.files(writer, m_bert, QStringLiteral("main")).at("w.bin"), weights);
    }

    void partsOfOthersStayTheirs()
    {
        ServiceFixture hublet;
        const Principal alice = hublet.user(QStringLiteral("alice"), {Action::Read, Action::Write});
        const Principal bob = hublet.user(QStringLiteral("bob"), {Action::Read, Action::Write});
        const QByteArray secret = someBytes(1000);
        UploadTicket ticket = hublet.ticket(alice, secret);
        ticket.partSize = 1000;
        const auto etag = must(receivePart(hublet, ticket, 1, secret));
        UploadTicket stolen = hublet.ticket(bob, secret);
        stolen.partSize = 1000;
        QCOMPARE(errorName(hublet->uploads().complete(stolen, {{1, etag}})),
                 QStringLiteral("InvalidArgument"));
        QVERIFY(hublet->uploads().complete(ticket, {{1, etag}}));
    }

    void contentMustBeClaimed()
    {
        ServiceFixture hublet;
        const Principal alice = hublet.user(QStringLiteral("alice"), {Action::Read, Action::Write});
        const Principal bob = hublet.user(QStringLiteral("bob"), {Action::Read, Action::Write});
        const QByteArray weights = someBytes(2000);
        const Sha256 digest = Sha256Hasher::hash(weights);
        const PackageId mine = model(QStringLiteral("bob/mine"));
        QVERIFY(hublet.uploadLfs(alice, weights));

        // Knowing the digest is not enough ...
        QCOMPARE(errorName(hublet.commitLfs(bob, mine, QStringLiteral("main"), "w.bin", weights)),
                 QStringLiteral("ContentMissing"));
        QCOMPARE(must(hublet->uploads().alreadyUploaded(hublet.permit(bob, Action::Write, mine), digest,
                                                        weights.size())),
                 false);
        NewPackage hidden;
        hidden.isPrivate = true;
        (void)hublet.createPackage(alice, m_bert, hidden);
        QVERIFY(hublet.commitLfs(alice, m_bert, QStringLiteral("main"), "w.bin", weights));
        QCOMPARE(errorName(hublet.commitLfs(bob, mine, QStringLiteral("main"), "w.bin", weights)),
                 QStringLiteral("ContentMissing"));
        // ... reading it somewhere is.
        PackageSettings open;
        open.isPrivate = false;
        must(hublet->packages().changeSettings(hublet.permit(alice, Action::Write, m_bert), m_bert, open));
        QCOMPARE(must(hublet->uploads().alreadyUploaded(hublet.permit(bob, Action::Write, mine), digest,
                                                        weights.size())),
                 true);
        QVERIFY(hublet.commitLfs(bob, mine, QStringLiteral("main"), "w.bin", weights));
        QCOMPARE(hublet.files(bob, mine, QStringLiteral("main")).at("w.bin"), weights);
    }

    void claimsRunOut()
    {
        ServiceFixture hublet;
        const Principal alice = hublet.user(QStringLiteral("alice"), {Action::Read, Action::Write});
        const QByteArray weights = someBytes(2000);
        const auto writing = hublet.permit(alice, Action::Write, m_bert);
        const Sha256 digest = Sha256Hasher::hash(weights);
        QVERIFY(hublet.uploadLfs(alice, weights));
        hublet.clock().advance(23LL * 3600 * 1000 + 1800 * 1000);
        // Too near its end to rely on it: uploading again makes it fresh.
        QCOMPARE(must(hublet->uploads().alreadyUploaded(writing, digest, weights.size())), false);
        QVERIFY(hublet.uploadLfs(alice, weights));
        QCOMPARE(must(hublet->uploads().alreadyUploaded(writing, digest, weights.size())), true);
    }

    void holdsTheQuota()
    {
        ServiceFixture hublet;
        hublet.changeRepository([](auto& settings) { settings.quotaBytes = 10'000; });
        const QByteArray large = someBytes(20'000);
        QCOMPARE(errorName(hublet.uploadLfs(hublet.owner(), large)), QStringLiteral("QuotaExceeded"));
        QCOMPARE(errorName(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", large}})),
                 QStringLiteral("QuotaExceeded"));
        QVERIFY(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", someBytes(9000)}}));
        QCOMPARE(errorName(
                     hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"b", someBytes(2000)}})),
                 QStringLiteral("QuotaExceeded"));
        hublet.changeRepository([](auto& settings) { settings.quotaBytes = 0; });
        QVERIFY(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"b", someBytes(2000)}}));
    }

    void quotaCountsEveryRevision()
    {
        ServiceFixture hublet;
        hublet.changeRepository([](auto& settings) { settings.quotaBytes = 13'000; });
        const auto release = [&](const QString& name, const QByteArray& bytes) {
            return hublet.commit(hublet.owner(), m_bert, name, {{"a", bytes}});
        };
        QVERIFY(release(QStringLiteral("1.0"), someBytes(6000)));
        QVERIFY(release(QStringLiteral("1.1"), someBytes(6000))); // held once
        QCOMPARE(errorName(release(QStringLiteral("2.0"), someBytes(7500))), QStringLiteral("QuotaExceeded"));
        QVERIFY(release(QStringLiteral("2.0"), someBytes(5000)));
        QCOMPARE(errorName(release(QStringLiteral("3.0"), someBytes(7500))), QStringLiteral("QuotaExceeded"));
        QVERIFY(hublet->packages().remove(hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert));
        QVERIFY(release(QStringLiteral("3.0"), someBytes(7500)));
    }

    void quotaCountsFilesOfNewPackages()
    {
        ServiceFixture hublet;
        hublet.changeRepository([](auto& settings) { settings.quotaBytes = 10'000; });
        NewPackage what;
        what.files = {{path("a"), someBytes(6000)}, {path("b"), someBytes(6000, 2)}};
        const auto writing = hublet.permit(hublet.owner(), Action::Write, m_bert);
        QCOMPARE(errorName(hublet->packages().create(writing, m_bert, what)),
                 QStringLiteral("QuotaExceeded"));
        what.files.pop_back();
        QVERIFY(hublet->packages().create(writing, m_bert, what));
        QCOMPARE(errorName(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"),
                                         {{"b", someBytes(6000, 2)}})),
                 QStringLiteral("QuotaExceeded"));
    }

    /// Each of them has room when it begins.
    void quotaHoldsForUploadsSideBySide()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const auto writing = hublet.permit(hublet.owner(), Action::Write, m_bert);
        const auto start = [&](quint32 seed) {
            auto session =
                must(hublet->uploads().commit(writing, m_bert, QStringLiteral("main"), CommitOptions()));
            must(session->header({QStringLiteral("one of many"), {}, {}}));
            must(session->beginFile());
            must(session->append(someBytes(6000, seed)));
            must(session->endFile(path("f" + QByteArray::number(seed)), std::nullopt));
            return session;
        };
        const auto setQuota = [&](qint64 bytes) {
            hublet.changeRepository([bytes](auto& settings) { settings.quotaBytes = bytes; });
        };
        const auto runFour = [&](quint32 seed) {
            std::vector<std::unique_ptr<CommitSession>> sessions;
            for (quint32 i = 0; i < 4; ++i)
                sessions.push_back(start(seed + i));
            QStringList outcomes;
            for (std::size_t i = 0; i < sessions.size(); ++i)
                outcomes +=
                    errorName(sessions[i]->finish(Sha256Hasher::hash(someBytes(8, seed + quint32(i)))));
            return outcomes.join(u' ');
        };
        const QString twoOfFour = QStringLiteral("no error no error QuotaExceeded QuotaExceeded");
        setQuota(15'000);
        QCOMPARE(runFour(1), twoOfFour);
        // Commits count as well that nobody counted when they were made.
        setQuota(0);
        QVERIFY(
            hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"more", someBytes(6000, 9)}}));
        setQuota(33'000);
        QCOMPARE(runFour(11), twoOfFour);
        // What adds nothing has room in a repository that holds too much.
        setQuota(1000);
        auto session =
            must(hublet->uploads().commit(writing, m_bert, QStringLiteral("main"), CommitOptions()));
        must(session->header({QStringLiteral("delete"), {}, {}}));
        must(session->deletePath(path("f1")));
        QVERIFY(session->finish(Sha256Hasher::hash("delete")));
    }

    void quotaHoldsForPackagesThatMoveIn()
    {
        ServiceFixture hublet;
        const RepositoryKey other = *RepositoryKey::parse(u"small");
        Repositories::NewRepository small;
        small.settings.quotaBytes = 10'000;
        must(hublet->repositories().create(hublet.adminPermit(), other, small));
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", someBytes(20'000)}}));
        const auto move = [&] {
            return errorName(hublet->packages().move(
                hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert,
                must(hublet->policy().check(hublet.owner(), Action::Write, other, m_bert.artifactPath())),
                m_bert));
        };
        QCOMPARE(move(), QStringLiteral("QuotaExceeded"));
        QCOMPARE(hublet.files(hublet.owner(), m_bert, QStringLiteral("main")).size(), 1U);
        small.settings.quotaBytes = 30'000;
        must(hublet->repositories().change(hublet.adminPermit(), other, small.settings));
        QCOMPARE(move(), QStringLiteral("no error"));
    }
};

QTEST_GUILESS_MAIN(TestUploads)
#include "tst_uploads.moc"
