// SPDX-License-Identifier: Apache-2.0
#include "core/access/tokentext.h"
#include "tests/core/access/accessfixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::access::test;

class TestDirectoryTokens : public QObject {
    Q_OBJECT
private slots:
    void tokens()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        fixture.createUser(Alice);
        fixture.createUser(Bob);
        const auto created = directory.createToken(QStringLiteral("ALICE"),
                                                   {QStringLiteral("laptop"), Principal::TokenRole::Write,
                                                    key("HF-Local"), AccessFixture::MinuteMs});
        QVERIFY(created);
        QVERIFY(isTokenText(created->secret));
        QCOMPARE(created->info.userName, Alice);
        QCOMPARE(created->info.prefix, tokenPrefix(created->secret));
        QCOMPARE(created->info.repository, std::optional(QStringLiteral("hf-local")));
        QCOMPARE(created->info.createdMs, fixture.clock.nowMs());
        QCOMPARE(created->info.expiresMs, std::optional(fixture.clock.nowMs() + AccessFixture::MinuteMs));
        const auto ofBob = fixture.createToken(Bob);
        QCOMPARE(directory.tokens().size(), 2);
        QCOMPARE(directory.tokens(Bob).size(), 1);
        QCOMPARE(directory.tokens(Bob).first().id, ofBob.info.id);
        QVERIFY(!directory.tokens(Bob).first().expiresMs);
        QVERIFY(!directory.tokens(Bob).first().lastUsedMs);
        QVERIFY(directory.revokeToken(ofBob.info.id));
        QCOMPARE(errorName(directory.revokeToken(ofBob.info.id)), QStringLiteral("NotFound"));
        QVERIFY(directory.tokens(Bob).isEmpty());

        const auto attempt = [&](const QString& name, std::optional<qint64> lifetimeMs) {
            return errorName(
                directory.createToken(Alice, {name, Principal::TokenRole::Read, {}, lifetimeMs}));
        };
        QCOMPARE(attempt(QString(), {}), QStringLiteral("InvalidArgument"));
        QCOMPARE(attempt(QStringLiteral("a\nb"), {}), QStringLiteral("InvalidArgument"));
        QCOMPARE(attempt(QString(256, u'a'), {}), QStringLiteral("InvalidArgument"));
        QCOMPARE(attempt(QStringLiteral("x"), 0), QStringLiteral("InvalidArgument"));
        QCOMPARE(attempt(QStringLiteral("x"), Directory::MaxTokenLifetimeMs + 1),
                 QStringLiteral("InvalidArgument"));
        QCOMPARE(attempt(QStringLiteral("x"), Directory::MaxTokenLifetimeMs), QStringLiteral("no error"));
        QCOMPARE(errorName(directory.createToken(QStringLiteral("carol"), {QStringLiteral("x"), {}, {}, {}})),
                 QStringLiteral("NotFound"));
    }

    void secretIsNowhereInTheDatabase()
    {
        AccessFixture fixture;
        fixture.createUser(Alice, false, "correct horse");
        const QByteArray secret = fixture.createToken(Alice).secret;
        const auto stored = fixture.database().read([&](db::Transaction& transaction) -> Result<QByteArray> {
            QByteArray all;
            auto tokens = transaction.query(u"SELECT name, role, prefix, digest FROM access_token");
            if (const auto run = tokens.run(); !run)
                return forward(run);
            while (tokens.next())
                all += tokens.bytes(0) + tokens.bytes(1) + tokens.bytes(2) + tokens.bytes(3);
            auto users = transaction.query(u"SELECT password FROM access_user");
            if (const auto run = users.run(); !run)
                return forward(run);
            while (users.next())
                all += users.bytes(0);
            return all;
        });
        QVERIFY(stored);
        QVERIFY(stored->contains(secret.first(8)));
        QVERIFY(!stored->contains(secret.first(9)));
        QVERIFY(stored->contains("$argon2id$"));
        QVERIFY(!stored->contains("correct horse"));
    }

    void expiredTokensAreForgottenLater()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        fixture.createUser(Alice);
        fixture.createUser(Bob);
        (void)fixture.createToken(Alice, Principal::TokenRole::Read, {}, 1);
        (void)fixture.createToken(Bob, Principal::TokenRole::Read, {}, 1);
        fixture.clock.advance(Directory::ExpiredTokenKeptMs);
        (void)fixture.createToken(Alice);
        QCOMPARE(directory.tokens(Alice).size(), 2);
        fixture.clock.advance(1);
        (void)fixture.createToken(Alice);
        QCOMPARE(directory.tokens(Alice).size(), 2);
        QCOMPARE(directory.tokens(Bob).size(), 1);
    }

    void tokensOfOneUserAreBounded()
    {
        AccessFixture fixture;
        fixture.createUser(Alice);
        fixture.createUser(Bob);
        const auto filled = fixture.database().write([&](db::Transaction& transaction) -> Result<void> {
            for (int i = 0; i < Directory::MaxTokensPerUser - 1; ++i) {
                auto query = transaction.query(
                    u"INSERT INTO access_token (user_id, name, role, prefix, digest, created_ms) "
                    u"VALUES ((SELECT id FROM access_user WHERE folded = 'alice'), 'x', "
                    u"'read', 'hf_', ?, 0)");
                if (const auto run = query.run(QByteArray::number(i)); !run)
                    return run;
            }
            return {};
        });
        QVERIFY(filled);
        fixture.reopen();
        (void)fixture.createToken(Alice);
        const auto refused = fixture.directory().createToken(Alice, {QStringLiteral("one more"), {}, {}, {}});
        QCOMPARE(errorName(refused), QStringLiteral("QuotaExceeded"));
        (void)fixture.createToken(Bob);
    }

    void lastUseIsKept()
    {
        AccessFixture fixture;
        fixture.createUser(Alice);
        const auto token = fixture.createToken(Alice);
        const auto lastUsed = [&] {
            return fixture.directory().tokens(Alice).first().lastUsedMs.value_or(0);
        };
        QByteArray storage;
        const Credentials credentials = bearer(storage, token.secret);
        const qint64 firstUseMs = fixture.clock.nowMs();
        {
            Authenticator authenticator(fixture.directory());
            QVERIFY(authenticator.authenticate(credentials));
            QCOMPARE(lastUsed(), firstUseMs);
            fixture.clock.advance(AccessFixture::MinuteMs - 1);
            QVERIFY(authenticator.authenticate(credentials));
            QVERIFY2(lastUsed() == firstUseMs, "exact to a minute");
            fixture.createUser(Bob);
            QVERIFY2(lastUsed() == firstUseMs, "another change does not lose it");
        }
        fixture.reopen();
        QVERIFY2(lastUsed() == 0, "not stored yet");
        {
            Authenticator authenticator(fixture.directory());
            QVERIFY(authenticator.authenticate(credentials));
        }
        const qint64 usedMs = fixture.clock.nowMs();
        QVERIFY(fixture.directory().storeTokenUse());
        QVERIFY(fixture.directory().storeTokenUse());
        fixture.reopen();
        QCOMPARE(lastUsed(), usedMs);
    }
};

QTEST_GUILESS_MAIN(TestDirectoryTokens)
#include "tst_directorytokens.moc"
