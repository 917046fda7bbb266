// SPDX-License-Identifier: Apache-2.0
// Who gets which contents, chunks and URLs from the CAS.
#include "casfixture.h"
#include "tests/core/api/hub/quoted.h"

#include "core/base/hasher.h"
#include "core/xet/keyedhash.h"
#include "core/xet/shardreader.h"
#include "core/xet/shardwriter.h"

#include <QJsonArray>
#include <QTest>
#include <QUrl>

#include <memory>

using namespace hublet;
using namespace hublet::api;
using namespace hublet::api::cas;

namespace {

constexpr qsizetype MiB = 1024 * 1024;

RepositoryKey local()
{
    return *RepositoryKey::parse(u"hf-local");
}

PackageId bert()
{
    return *PackageId::parse(PackageType::Model, u"acme/bert");
}

/// The key that hides the chunk hashes of a dedup answer: known to be in its footer.
std::optional<xet::HashKey> keyOf(const QByteArray& answer, const XetHash& chunk, const XetHash& hidden)
{
    for (qsizetype at = answer.size() - XetHash::Size; at >= answer.size() - 200; --at) {
        xet::HashKey key;
        std::copy_n(answer.begin() + at, key.size(), key.begin());
        if (xet::hiddenChunkHash(chunk, key) == hidden)
            return key;
    }
    return std::nullopt;
}

} // namespace

class TestCasRights : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<CasFixture> m_hub;
    const XetContent m_content = XetContent::random(MiB, 1);

    /// Everything `user` may do.
    void permit(const QString& user, access::ActionSet actions)
    {
        access::Permission permission;
        permission.name = QStringLiteral("rights-of-") + user;
        permission.repositories = {QStringLiteral("ANY")};
        permission.users[user] = actions;
        QVERIFY(m_hub->services().directory().createPermission(permission));
    }
    /// The header line with another token of theirs, for hf-local only.
    [[nodiscard]] QByteArray limitedToken(const QString& user)
    {
        access::NewToken token;
        token.name = QStringLiteral("limited");
        token.role = access::Principal::TokenRole::Write;
        token.repository = local();
        return HubFixture::bearer(m_hub->services().directory().createToken(user, token)->secret);
    }
    /// A Xet token for a package in another repository.
    [[nodiscard]] QByteArray writeTokenIn(const QByteArray& repository, const QByteArray& headers)
    {
        const auto answer = m_hub->ask("GET",
                                       "/artifactory/api/huggingfaceml/" + repository +
                                           "/api/models/alice/secret/xet-write-token/main",
                                       headers);
        return HubFixture::bearer(objectOf(answer).value(u"accessToken").toString().toLatin1());
    }
    void upload(const QByteArray& token)
    {
        const QByteArray path = "/v1/xorbs/default/" + m_content.xorb.toText();
        QCOMPARE(m_hub->cas("POST", path, token, m_content.xorbBody()).status, 200);
        QCOMPARE(m_hub->cas("POST", "/v1/shards", token, m_content.shard()).status, 200);
    }
    [[nodiscard]] http::RawResponse reconstruct(const QByteArray& token)
    {
        return m_hub->cas("GET", "/v1/reconstructions/" + m_content.file.toText(), token);
    }
    [[nodiscard]] QByteArray fetchTarget(const QByteArray& token)
    {
        const QJsonObject info = objectOf(reconstruct(token)).value(u"fetch_info").toObject();
        const QJsonArray entries = info.value(QString::fromLatin1(m_content.xorb.toText())).toArray();
        return QUrl(entries.at(0).toObject().value(u"url").toString()).path().toLatin1();
    }
    [[nodiscard]] http::RawResponse commit(const QByteArray& package, const XetContent& content,
                                           const QByteArray& headers)
    {
        const QByteArray body =
            api::test::quoted("{'key':'header','value':{'summary':'add'}}\n"
                              "{'key':'lfsFile','value':{'path':'a.bin','algo':'sha256','oid':'") +
            content.sha256Hex() + "\"}}\n";
        return m_hub->send("POST", "/api/models/" + package + "/commit/main", headers, body,
                           "application/x-ndjson");
    }
    void change(const service::PackageSettings& settings)
    {
        QVERIFY(m_hub->services().packages().changeSettings(m_hub->permit(access::Action::Write, bert()),
                                                            bert(), settings));
    }

private slots:
    void init() { m_hub = std::make_unique<CasFixture>(); }

    void limitedTokensGoByUploadsToTheirRepository()
    {
        service::Services& services = m_hub->services();
        QVERIFY(
            services.repositories().create(services.policy().checkAdmin(access::Principal::owner()).value(),
                                           *RepositoryKey::parse(u"priv"), {}));
        const QString alice = QStringLiteral("alice");
        const QByteArray whole = m_hub->newUser(alice);
        permit(alice, {access::Action::Read, access::Action::Write});
        const QByteArray limited = limitedToken(alice);
        upload(writeTokenIn("priv", whole));

        const QByteArray lfs =
            api::test::quoted("{'operation':'upload','transfers':['basic'],'objects':[{'oid':'") +
            m_content.sha256Hex() + "\",\"size\":1048576}]}";
        const auto isAskedToUpload = [&](const QByteArray& token) {
            return m_hub
                ->send("POST", "/acme/bert.git/info/lfs/objects/batch", token, lfs,
                       "application/vnd.git-lfs+json")
                .body.contains("actions");
        };
        QCOMPARE(reconstruct(m_hub->tokenOf("read", limited)).status, 404);
        QCOMPARE(reconstruct(m_hub->tokenOf("write", limited)).status, 404);
        QCOMPARE(commit("acme/bert", m_content, limited).status, 422);
        QVERIFY(isAskedToUpload(limited));
        QCOMPARE(reconstruct(m_hub->tokenOf("read", whole)).status, 200);
        QVERIFY(!isAskedToUpload(whole));

        upload(m_hub->tokenOf("write", limited));
        QCOMPARE(reconstruct(m_hub->tokenOf("read", limited)).status, 200);
        QVERIFY(!isAskedToUpload(limited));
        QCOMPARE(commit("acme/bert", m_content, limited).status, 200);
    }

    void fetchUrlsEndWithTheRight_data()
    {
        QTest::addColumn<QString>("what");
        for (const char* what : {"permission", "private", "gated", "disabled"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void fetchUrlsEndWithTheRight()
    {
        QFETCH(QString, what);
        m_hub->upload(m_content);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        access::Directory& directory = m_hub->services().directory();
        for (const access::Permission& permission : directory.permissions())
            QVERIFY(directory.deletePermission(permission.name));
        const QByteArray bob = m_hub->newUser(QStringLiteral("bob"));
        permit(QStringLiteral("bob"), {access::Action::Read});
        const QByteArray target = fetchTarget(m_hub->tokenOf("read", bob));
        QCOMPARE(m_hub->ask("GET", target).status, 206);
        service::PackageSettings settings;
        if (what == u"private")
            settings.isPrivate = true;
        else if (what == u"gated")
            settings.gating = catalog::Gating::Manual;
        else if (what == u"disabled")
            settings.disabled = true;
        else
            QVERIFY(directory.deletePermission(QStringLiteral("rights-of-bob")));
        change(settings);
        QCOMPARE(m_hub->ask("GET", target).status, 403);
    }

    void disabledPackagesGiveNothing()
    {
        m_hub->upload(m_content);
        QCOMPARE(m_hub->commit(m_content, "a.bin").status, 200);
        const QByteArray bob = m_hub->newUser(QStringLiteral("bob"));
        const QByteArray token = m_hub->tokenOf("read", bob);
        const QByteArray object = "/acme/bert.git/info/lfs/objects/" + m_content.sha256Hex();
        QCOMPARE(reconstruct(token).status, 200);
        QCOMPARE(m_hub->get(object, bob).status, 200);
        service::PackageSettings settings;
        settings.disabled = true;
        change(settings);
        QCOMPARE(reconstruct(token).status, 404);
        QCOMPARE(m_hub->get(object, bob).status, 404);
    }

    void xorbsAreToldOfLikeTheirFiles()
    {
        const QByteArray path = "/v1/xorbs/default/" + m_content.xorb.toText();
        const QByteArray alice = m_hub->newUser(QStringLiteral("alice"));
        const QByteArray eve = m_hub->tokenOf("read", m_hub->newUser(QStringLiteral("eve")));
        permit(QStringLiteral("alice"), {access::Action::Read, access::Action::Write});
        const QByteArray sender = m_hub->tokenOf("write", alice);
        QCOMPARE(m_hub->cas("POST", path, sender, m_content.xorbBody()).status, 200);
        const auto isTold = [&](const QByteArray& token) {
            return m_hub->cas("HEAD", path, token).status == 200;
        };
        // In no file yet.
        QVERIFY(isTold(sender));
        QVERIFY(isTold(m_hub->tokenOf("read", limitedToken(QStringLiteral("alice")))));
        QVERIFY(!isTold(eve));
        QVERIFY(!isTold(m_hub->token("write")));
        QVERIFY(!isTold(m_hub->tokenOf("read", {})));
        // In a file of a package that others may not see, and then of one that they may.
        QCOMPARE(m_hub->cas("POST", "/v1/shards", sender, m_content.shard()).status, 200);
        m_hub->createPackage(PackageType::Model, QStringLiteral("alice/hidden"), true);
        QCOMPARE(commit("alice/hidden", m_content, alice).status, 200);
        QVERIFY(isTold(sender));
        QVERIFY(isTold(m_hub->token("read")));
        QVERIFY(!isTold(eve));
        const QByteArray absent = "/v1/xorbs/default/" + XetContent::random(MiB, 2).xorb.toText();
        const auto hidden = m_hub->cas("HEAD", path, eve);
        QCOMPARE(hidden.status, 404);
        QCOMPARE(hidden.header("Content-Length"), m_hub->cas("HEAD", absent, eve).header("Content-Length"));
        QCOMPARE(commit("acme/bert", m_content, alice).status, 200);
        QVERIFY(isTold(eve));
    }

    void dedupAnswersHideForeignChunks()
    {
        const XetContent whole = XetContent::random(3 * MiB, 5);
        const std::size_t count = whole.chunks.size() / 2;
        qsizetype bytes = 0;
        for (std::size_t i = 0; i < count; ++i)
            bytes += whole.chunks[i].bytes;
        const XetContent half = XetContent::of(whole.bytes.first(bytes));
        QCOMPARE(half.chunks.size(), count);
        const xet::ShardFile halfFile{half.file,
                                      {{whole.xorb, 0, quint32(count), quint32(bytes)}},
                                      {xet::rangeHash(half.chunks)},
                                      Sha256Hasher::hash(half.bytes)};
        QCOMPARE(m_hub->postXorb(whole, whole.xorbBody()).status, 200);
        QCOMPARE(m_hub->postShard(xet::writeUploadShard(std::vector{halfFile, whole.shardFile()}, {})).status,
                 200);
        m_hub->createPackage(PackageType::Model, QStringLiteral("acme/hidden"), true);
        QCOMPARE(commit("acme/hidden", whole, m_hub->admin()).status, 200);
        QCOMPARE(m_hub->commit(half, "half.bin").status, 200);

        const auto ask = [&](std::size_t chunk, const QByteArray& token) {
            return m_hub->cas("GET", "/v1/chunks/default/" + whole.chunks[chunk].hash.toText(), token);
        };
        const QByteArray eve = m_hub->tokenOf("read", m_hub->newUser(QStringLiteral("eve")));
        QCOMPARE(ask(count, eve).status, 404);
        QCOMPARE(ask(count, m_hub->token("read")).status, 200);
        for (const QByteArray& token : {eve, m_hub->token("read")}) {
            const auto answer = ask(1, token);
            QCOMPARE(answer.status, 200);
            const auto xorb = xet::ShardReader::open(answer.body)->nextXorb();
            QCOMPARE(xorb->hash, whole.xorb);
            QCOMPARE(xorb->chunks.size(), whole.chunks.size());
            const auto key = keyOf(answer.body, whole.chunks[0].hash, xorb->chunks[0].hash);
            QVERIFY(key);
            for (std::size_t i = 0; i < whole.chunks.size(); ++i) {
                QCOMPARE(xorb->chunks[i].bytes, whole.chunks[i].bytes);
                const bool isTold = xorb->chunks[i].hash == xet::hiddenChunkHash(whole.chunks[i].hash, *key);
                QCOMPARE(isTold, i < count || token != eve);
            }
        }
    }
};

QTEST_GUILESS_MAIN(TestCasRights)
#include "tst_casrights.moc"
