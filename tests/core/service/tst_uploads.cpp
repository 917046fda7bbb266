// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

/// LFS objects: their tickets, their parts, and who may name them.
class TestUploads : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));

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
};

QTEST_GUILESS_MAIN(TestUploads)
#include "tst_uploads.moc"
