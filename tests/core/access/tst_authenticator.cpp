// SPDX-License-Identifier: Apache-2.0
#include "core/access/snapshot.h"
#include "core/access/tokentext.h"
#include "tests/core/access/accessfixture.h"

#include <QElapsedTimer>

#include <atomic>
#include <thread>

using namespace hublet;
using namespace hublet::access;
using namespace hublet::access::test;

namespace {

constexpr auto AlicesPassword = "correct horse";

QByteArray basic(const QByteArray& user, const QByteArray& password)
{
    return "Basic " + (user + ':' + password).toBase64();
}

} // namespace

class TestAuthenticator : public QObject {
    Q_OBJECT

    static Result<Principal> logIn(Authenticator& authenticator, const QByteArray& user,
                                   const QByteArray& password, const QByteArray& address = "127.0.0.1")
    {
        const QByteArray authorization = basic(user, password);
        Credentials credentials;
        credentials.authorization = authorization;
        credentials.remoteAddress = address;
        credentials.passwordsAllowed = true;
        return authenticator.authenticate(credentials);
    }

private slots:
    void forms_data()
    {
        // In the headers, TOKEN stands for a token of alice and WRONG for one that was never given out. Basic
        // is encoded by the test.
        QTest::addColumn<QByteArray>("authorization");
        QTest::addColumn<QByteArray>("artApiKey");
        QTest::addColumn<bool>("passwordsAllowed");
        QTest::addColumn<QString>("expected"); ///< name of the principal, or of the error
        const auto add = [](const char* name, const char* authorization, const char* artApiKey,
                            bool passwordsAllowed, const char* expected) {
            QTest::newRow(name) << QByteArray(authorization) << QByteArray(artApiKey) << passwordsAllowed
                                << QString::fromLatin1(expected);
        };
        add("nothing", "", "", false, "anonymous");
        add("nothing, passwords allowed", "", "", true, "anonymous");
        add("bearer", "Bearer TOKEN", "", false, "alice");
        add("bearer, lower case", "bearer TOKEN", "", false, "alice");
        add("bearer, more blanks", "  Bearer   TOKEN  ", "", false, "alice");
        add("basic, own name", "Basic alice:TOKEN", "", false, "alice");
        add("basic, any name", "BASIC hf_user:TOKEN", "", false, "alice");
        add("basic, no name", "Basic :TOKEN", "", false, "alice");
        add("basic, token, passwords allowed", "Basic bob:TOKEN", "", true, "alice");
        add("basic, password", "Basic alice:correct horse", "", true, "alice");
        add("basic, password, name in capitals", "Basic ALICE:correct horse", "", true, "alice");
        add("art api key", "", "TOKEN", false, "alice");
        add("art api key beside authorization", "Bearer TOKEN", "WRONG", false, "alice");

        add("unknown token", "Bearer WRONG", "", false, "BadCredentials");
        add("unknown token as password", "Basic alice:WRONG", "", true, "BadCredentials");
        add("unknown art api key", "", "WRONG", false, "BadCredentials");
        add("bad authorization beside a good key", "Bearer WRONG", "TOKEN", false, "BadCredentials");
        add("token in capitals", "Bearer HF_TOKEN", "", false, "BadCredentials");
        add("no scheme", "TOKEN", "", false, "BadCredentials");
        add("empty bearer", "Bearer ", "", false, "BadCredentials");
        add("only blanks", "   ", "", false, "BadCredentials");
        add("other scheme", "Digest TOKEN", "", false, "BadCredentials");
        add("words behind the token", "Bearer TOKEN x", "", false, "BadCredentials");
        add("password where only tokens count", "Basic alice:correct horse", "", false, "BadCredentials");
        add("password as bearer", "Bearer correct horse", "", true, "BadCredentials");
        add("password as key", "", "correct horse", true, "BadCredentials");
        add("wrong password", "Basic alice:correct horsf", "", true, "BadCredentials");
        add("empty password", "Basic alice:", "", true, "BadCredentials");
        add("unknown user", "Basic carol:correct horse", "", true, "BadCredentials");
        add("user without password", "Basic bob:", "", true, "BadCredentials");
        add("anonymous by name", "Basic anonymous:", "", true, "BadCredentials");
        add("broken base64", "Basic *", "", true, "BadCredentials");
        add("basic without colon", "Basic alice", "", true, "BadCredentials");
    }
    void forms()
    {
        QFETCH(QByteArray, authorization);
        QFETCH(QByteArray, artApiKey);
        QFETCH(bool, passwordsAllowed);
        QFETCH(QString, expected);
        AccessFixture fixture;
        fixture.createUser(Alice, false, AlicesPassword);
        fixture.createUser(QStringLiteral("bob"));
        const QByteArray token = fixture.createToken(Alice).secret;
        for (QByteArray* header : {&authorization, &artApiKey})
            header->replace("TOKEN", token).replace("WRONG", newTokenText());
        if (authorization.size() > 7 && authorization.toLower().startsWith("basic ") &&
            !authorization.endsWith('*'))
            authorization = authorization.first(6) + authorization.sliced(6).toBase64();

        Authenticator authenticator(fixture.directory());
        Credentials credentials;
        credentials.authorization = authorization;
        credentials.artApiKey = artApiKey;
        credentials.remoteAddress = "127.0.0.1";
        credentials.passwordsAllowed = passwordsAllowed;
        const auto principal = authenticator.authenticate(credentials);
        if (!principal) {
            QCOMPARE(principal.error().detail(),
                     QStringLiteral("Invalid credentials in Authorization header"));
            QCOMPARE(QString::fromLatin1(errorCodeName(principal.error().code())), expected);
            return;
        }
        QCOMPARE(principal->name, expected);
        QCOMPARE(principal->isAnonymous(), expected == u"anonymous");
    }

    void onlyPasswordsAreSlow()
    {
        const QByteArray withPassword = basic("alice", "correct horse");
        const QByteArray withToken = basic("alice", newTokenText());
        Credentials credentials;
        QVERIFY(!Authenticator::isSlow(credentials));
        credentials.authorization = withPassword;
        QVERIFY(!Authenticator::isSlow(credentials));
        credentials.passwordsAllowed = true;
        QVERIFY(Authenticator::isSlow(credentials));
        credentials.authorization = withToken;
        QVERIFY(!Authenticator::isSlow(credentials));
    }

    void principalTellsUserAndToken()
    {
        AccessFixture fixture;
        NewUser request;
        request.name = QStringLiteral("Alice");
        request.email = QStringLiteral("alice@example.org");
        request.fullName = QStringLiteral("Alice A.");
        const auto user = fixture.directory().createUser(request);
        QVERIFY(user);
        const auto token = fixture.createToken(Alice, Principal::TokenRole::Write, key("HF-Local"));
        Authenticator authenticator(fixture.directory());
        QByteArray storage;
        const auto principal = authenticator.authenticate(bearer(storage, token.secret));
        QVERIFY(principal);
        QCOMPARE(principal->userId, user->id);
        QCOMPARE(principal->name, request.name);
        QCOMPARE(principal->email, request.email);
        QCOMPARE(principal->fullName, request.fullName);
        QCOMPARE(principal->hubId, user->hubId);
        QCOMPARE(principal->hubId.size(), 24);
        QCOMPARE(principal->admin, false);
        QCOMPARE(principal->groups, QStringList{QStringLiteral("everyone")});
        QCOMPARE(principal->tokenId, token.info.id);
        QCOMPARE(principal->tokenName, QStringLiteral("test"));
        QCOMPARE(principal->tokenCreatedMs, fixture.clock.nowMs());
        QCOMPARE(principal->tokenRole, Principal::TokenRole::Write);
        QCOMPARE(principal->tokenRepository, std::optional(QStringLiteral("hf-local")));
    }

    /// Between two requests something happens; the second one must know (reliability T38, DECISIONS 8).
    void changeBetweenTwoRequests_data()
    {
        QTest::addColumn<QString>("change");
        for (const char* change : {"revoke", "expire", "delete user"})
            QTest::newRow(change) << QString::fromLatin1(change);
    }
    void changeBetweenTwoRequests()
    {
        QFETCH(QString, change);
        AccessFixture fixture;
        fixture.createUser(Alice);
        const auto token =
            fixture.createToken(Alice, Principal::TokenRole::Full, {}, AccessFixture::MinuteMs);
        const auto other = fixture.createToken(Alice);
        Authenticator authenticator(fixture.directory());
        QByteArray storage;
        const Credentials credentials = bearer(storage, token.secret);
        QVERIFY(authenticator.authenticate(credentials));
        QVERIFY(fixture.directory().principalOfToken(token.info.id));
        if (change == u"revoke") {
            QVERIFY(fixture.directory().revokeToken(token.info.id));
        } else if (change == u"expire") {
            fixture.clock.advance(AccessFixture::MinuteMs - 1);
            QVERIFY(authenticator.authenticate(credentials));
            fixture.clock.advance(1);
        } else {
            QVERIFY(fixture.directory().deleteUser(Alice));
        }
        const auto refused = authenticator.authenticate(credentials);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::BadCredentials);
        const auto derived = fixture.directory().principalOfToken(token.info.id);
        QVERIFY(!derived);
        QCOMPARE(derived.error().code(), ErrorCode::BadCredentials);
        QByteArray otherStorage;
        QCOMPARE(authenticator.authenticate(bearer(otherStorage, other.secret)).has_value(),
                 change != u"delete user");

        fixture.reopen();
        Authenticator restarted(fixture.directory());
        QVERIFY2(!restarted.authenticate(credentials), "nor after a restart");
    }

    void newUserOfTheSameNameDoesNotInheritTokens()
    {
        AccessFixture fixture;
        fixture.createUser(Alice, false, AlicesPassword);
        const auto token = fixture.createToken(Alice);
        QVERIFY(fixture.directory().deleteUser(Alice));
        fixture.createUser(Alice);
        const auto newToken = fixture.createToken(Alice);
        QVERIFY(newToken.info.id != token.info.id);
        Authenticator authenticator(fixture.directory());
        QByteArray storage;
        QVERIFY(!authenticator.authenticate(bearer(storage, token.secret)));
        QVERIFY(!logIn(authenticator, "alice", AlicesPassword));
    }

    void accountIsLockedOut()
    {
        AccessFixture fixture;
        fixture.createUser(Alice, false, AlicesPassword);
        const QByteArray token = fixture.createToken(Alice).secret;
        Authenticator authenticator(fixture.directory());
        for (const QByteArray& name : {QByteArray("alice"), QByteArray("nobody")}) {
            for (int i = 0; i < LoginGuard::MaxFailuresPerAccount; ++i)
                QCOMPARE(logIn(authenticator, name, "wrong password").error().code(),
                         ErrorCode::BadCredentials);
            QCOMPARE(logIn(authenticator, name.toUpper(), "wrong password").error().code(), ErrorCode::Busy);
        }
        QCOMPARE(logIn(authenticator, "alice", AlicesPassword).error().code(), ErrorCode::Busy);
        QByteArray storage;
        QVERIFY2(authenticator.authenticate(bearer(storage, token)), "tokens are not locked");
        QVERIFY2(logIn(authenticator, "alice", token), "nor tokens in Basic");
        fixture.clock.advance(LoginGuard::WindowMs);
        QVERIFY(logIn(authenticator, "alice", AlicesPassword));
    }

    void addressIsLockedOut()
    {
        AccessFixture fixture;
        fixture.createUser(Alice, false, AlicesPassword);
        Authenticator authenticator(fixture.directory());
        for (int i = 0; i < LoginGuard::MaxFailuresPerAddress; ++i)
            QVERIFY(!logIn(authenticator, "user" + QByteArray::number(i), "wrong password", "10.0.0.1"));
        QCOMPARE(logIn(authenticator, "alice", AlicesPassword, "10.0.0.1").error().code(), ErrorCode::Busy);
        QVERIFY(logIn(authenticator, "alice", AlicesPassword, "10.0.0.2"));
    }

    void parallelGuessesAreCounted()
    {
        AccessFixture fixture;
        fixture.createUser(Alice, false, AlicesPassword);
        Authenticator authenticator(fixture.directory());
        std::atomic<int> tried = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 50; ++i) {
            threads.emplace_back([&] {
                const auto principal = logIn(authenticator, "alice", "wrong password", {});
                tried += !principal && principal.error().code() == ErrorCode::BadCredentials ? 1 : 0;
            });
        }
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(tried.load(), LoginGuard::MaxFailuresPerAccount);
    }

    void parallelLogInsWithTheRightPasswordAllSucceed()
    {
        AccessFixture fixture;
        fixture.createUser(Alice, false, AlicesPassword);
        Authenticator authenticator(fixture.directory());
        std::atomic<int> succeeded = 0;
        std::vector<std::thread> threads;
        for (int i = 0; i < 30; ++i)
            threads.emplace_back([&] { succeeded += logIn(authenticator, "alice", AlicesPassword) ? 1 : 0; });
        for (std::thread& thread : threads)
            thread.join();
        QCOMPARE(succeeded.load(), 30);
    }

    void outdatedHashIsRenewedAtLogIn()
    {
        AccessFixture fixture;
        fixture.createUser(Alice, false, AlicesPassword);
        const auto stronger = PasswordHasher(PasswordCost::Interactive).hash(AlicesPassword);
        QVERIFY(stronger);
        const qint64 id = fixture.directory().user(Alice)->id;
        const auto currentHash = [&] { return fixture.directory().snapshot()->user(id)->passwordHash; };
        QVERIFY(fixture.directory().replacePasswordHash(id, currentHash(), *stronger));
        QCOMPARE(currentHash(), *stronger);

        Authenticator authenticator(fixture.directory());
        QVERIFY(logIn(authenticator, "alice", AlicesPassword));
        const QByteArray renewed = currentHash();
        QVERIFY(renewed != *stronger);
        QVERIFY(!fixture.directory().passwords().isOutdated(renewed));
        QVERIFY(logIn(authenticator, "alice", AlicesPassword));
        QCOMPARE(currentHash(), renewed);
        QVERIFY(fixture.directory().replacePasswordHash(id, *stronger, *stronger));
        QVERIFY2(currentHash() == renewed, "a hash that was changed meanwhile stays");
    }

    /// About 2 us where nothing else runs; the bound only says that no database and no password hash is on
    /// the way.
    void requestsAreDecidedInMemory()
    {
        constexpr int Requests = 2000;
        constexpr qint64 MaxNsPerRequest = 200'000;
        AccessFixture fixture;
        fixture.createUser(Alice);
        QByteArray storage;
        const Credentials credentials = bearer(storage, fixture.createToken(Alice).secret);
        Authenticator authenticator(fixture.directory());
        const Policy policy(fixture.directory());
        int allowed = 0;
        QElapsedTimer timer;
        timer.start();
        for (int i = 0; i < Requests; ++i) {
            const auto principal = authenticator.authenticate(credentials);
            allowed +=
                policy.check(*principal, Action::Read, key("hf-local"), QStringLiteral("models/acme/bert"))
                    ? 1
                    : 0;
        }
        const qint64 perRequestNs = timer.nsecsElapsed() / Requests;
        qInfo("%lld ns per request", static_cast<long long>(perRequestNs));
        QCOMPARE(allowed, Requests);
        QVERIFY(perRequestNs < MaxNsPerRequest);
    }
};

QTEST_GUILESS_MAIN(TestAuthenticator)
#include "tst_authenticator.moc"
