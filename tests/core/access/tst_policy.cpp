// SPDX-License-Identifier: Apache-2.0
#include "tests/core/access/accessfixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::access::test;

namespace {

const auto PackagePath = QStringLiteral("models/acme/bert");

Permission permissionFor(const QString& user, ActionSet actions)
{
    Permission permission;
    permission.name = user + QStringLiteral("-rights");
    permission.repositories = {QStringLiteral("hf-local")};
    permission.users.insert(user, actions);
    return permission;
}

} // namespace

class TestPolicy : public QObject {
    Q_OBJECT

    /// The callers of the matrix by name, authenticated with a token each while all was well.
    static QMap<QString, Principal> makeCallers(AccessFixture& fixture)
    {
        Directory& directory = fixture.directory();
        fixture.revokeDefaults();
        const auto enter = [&](const QString& user, Principal::TokenRole role = Principal::TokenRole::Full,
                               std::optional<RepositoryKey> repository = std::nullopt,
                               std::optional<qint64> lifetimeMs = std::nullopt) {
            return *directory.principalOfToken(
                fixture.createToken(user, role, repository, lifetimeMs).info.id);
        };
        const QMap<QString, ActionSet> rights{
            {QStringLiteral("norights"), {}},
            {QStringLiteral("reader"), {Action::Read}},
            {QStringLiteral("writer"), {Action::Read, Action::Write}},
            {QStringLiteral("manager"), {Action::Manage}},
            {QStringLiteral("revoked"), ActionSet::all()},
            {QStringLiteral("expired"), ActionSet::all()},
            {QStringLiteral("deleted"), ActionSet::all()},
            {QStringLiteral("limited"), ActionSet::all()},
        };
        for (auto right = rights.begin(); right != rights.end(); ++right) {
            fixture.createUser(right.key());
            if (!right->isEmpty())
                fixture.createPermission(permissionFor(right.key(), *right));
        }
        fixture.createUser(QStringLiteral("root"), true);

        QMap<QString, Principal> callers;
        callers[QStringLiteral("anonymous")] = Principal();
        callers[QStringLiteral("owner")] = Principal::owner();
        for (const auto& name : {"norights", "reader", "writer", "manager", "revoked", "deleted", "root"})
            callers[QString::fromLatin1(name)] = enter(QString::fromLatin1(name));
        callers[QStringLiteral("expired")] =
            enter(QStringLiteral("expired"), Principal::TokenRole::Full, {}, AccessFixture::MinuteMs);
        using enum Principal::TokenRole;
        callers[QStringLiteral("root read token")] = enter(QStringLiteral("root"), Read);
        callers[QStringLiteral("root write token")] = enter(QStringLiteral("root"), Write);
        callers[QStringLiteral("reader write token")] = enter(QStringLiteral("reader"), Write);
        callers[QStringLiteral("limited here")] = enter(QStringLiteral("limited"), Full, key("HF-Local"));
        callers[QStringLiteral("limited elsewhere")] =
            enter(QStringLiteral("limited"), Full, key("hf-remote"));
        callers[QStringLiteral("root limited elsewhere")] =
            enter(QStringLiteral("root"), Full, key("hf-remote"));

        if (!directory.revokeToken(callers[QStringLiteral("revoked")].tokenId) ||
            !directory.deleteUser(QStringLiteral("deleted")))
            qFatal("cannot take rights away");
        fixture.clock.advance(AccessFixture::MinuteMs);
        return callers;
    }

private slots:
    /// Every action by every kind of caller: what is allowed, and the error where it is not (reliability
    /// T35).
    void matrix_data()
    {
        QTest::addColumn<QString>("caller");
        QTest::addColumn<QStringList>("allowed"); ///< "ADMIN" stands for checkAdmin
        QTest::addColumn<ErrorCode>("otherwise");
        const auto add = [](const char* caller, const char* allowed, ErrorCode otherwise) {
            QTest::newRow(caller) << QString::fromLatin1(caller)
                                  << QString::fromLatin1(allowed).split(u' ', Qt::SkipEmptyParts)
                                  << otherwise;
        };
        constexpr auto Everything = "READ ANNOTATE WRITE DELETE SCAN MANAGE";
        constexpr auto EverythingAndAdmin = "READ ANNOTATE WRITE DELETE SCAN MANAGE ADMIN";
        add("anonymous", "", ErrorCode::Unauthenticated);
        add("norights", "", ErrorCode::Forbidden);
        add("reader", "READ", ErrorCode::Forbidden);
        add("writer", "READ WRITE", ErrorCode::Forbidden);
        add("manager", "MANAGE", ErrorCode::Forbidden);
        add("root", EverythingAndAdmin, ErrorCode::Forbidden);
        add("owner", EverythingAndAdmin, ErrorCode::Forbidden);
        add("revoked", "", ErrorCode::Unauthenticated);
        add("expired", "", ErrorCode::Unauthenticated);
        add("deleted", "", ErrorCode::Unauthenticated);
        add("root read token", "READ", ErrorCode::Forbidden);
        add("root write token", "READ ANNOTATE WRITE DELETE", ErrorCode::Forbidden);
        add("reader write token", "READ", ErrorCode::Forbidden);
        add("limited here", Everything, ErrorCode::Forbidden);
        add("limited elsewhere", "", ErrorCode::Forbidden);
        add("root limited elsewhere", "", ErrorCode::Forbidden);
    }
    void matrix()
    {
        QFETCH(QString, caller);
        QFETCH(QStringList, allowed);
        QFETCH(ErrorCode, otherwise);
        AccessFixture fixture;
        const QMap<QString, Principal> callers = makeCallers(fixture);
        QVERIFY(callers.contains(caller));
        const Principal& principal = callers[caller];
        const Policy policy(fixture.directory());
        for (const Action action : AllActions) {
            for (const QString& path :
                 {PackagePath, PackagePath + QStringLiteral("/main/config.json"), QString()}) {
                const QString what = actionName(action) + u' ' + path;
                const bool expected = allowed.contains(actionName(action));
                const auto permit = policy.check(principal, action, key("hf-local"), path);
                QVERIFY2(permit.has_value() == expected, qPrintable(what));
                QCOMPARE(policy.allows(principal, action, key("hf-local"), path), expected);
                if (!expected) {
                    QCOMPARE(permit.error().code(), otherwise);
                    continue;
                }
                QCOMPARE(permit->action(), action);
                QCOMPARE(permit->path(), path);
                QCOMPARE(permit->repository(), key("hf-local"));
                QCOMPARE(permit->principal().name, principal.name);
            }
        }
        const auto admin = policy.checkAdmin(principal);
        QCOMPARE(admin.has_value(), allowed.contains(QStringLiteral("ADMIN")));
        if (!admin)
            QCOMPARE(admin.error().code(), otherwise);
    }

    void grantsEndAtTheRepository()
    {
        AccessFixture fixture;
        const QMap<QString, Principal> callers = makeCallers(fixture);
        const Policy policy(fixture.directory());
        QVERIFY(policy.allows(callers[QStringLiteral("reader")], Action::Read, key("HF-LOCAL"), PackagePath));
        QVERIFY(
            !policy.allows(callers[QStringLiteral("reader")], Action::Read, key("hf-local-2"), PackagePath));
        QVERIFY(!policy.allows(callers[QStringLiteral("limited elsewhere")], Action::Read, key("hf-remote"),
                               PackagePath));
        QVERIFY(policy.allows(callers[QStringLiteral("root limited elsewhere")], Action::Read,
                              key("hf-remote"), {}));
    }

    void repositoriesAreKnownToWhomeverMayDoAnything()
    {
        AccessFixture fixture;
        const QMap<QString, Principal> callers = makeCallers(fixture);
        const Policy policy(fixture.directory());
        for (const char* knows :
             {"reader", "writer", "manager", "limited here", "root", "root read token", "owner"})
            QVERIFY2(policy.knows(callers[QString::fromLatin1(knows)], key("HF-local")), knows);
        for (const char* doesNot :
             {"anonymous", "norights", "revoked", "expired", "deleted", "limited elsewhere"})
            QVERIFY2(!policy.knows(callers[QString::fromLatin1(doesNot)], key("HF-local")), doesNot);
        fixture.createUser(QStringLiteral("alice"));
        Permission narrow = permissionFor(QStringLiteral("alice"), {Action::Write});
        narrow.includes = QStringList{QStringLiteral("models/acme/**")};
        fixture.createPermission(narrow);
        const Principal alice =
            *fixture.directory().principalOfToken(fixture.createToken(QStringLiteral("alice")).info.id);
        QVERIFY(policy.knows(alice, key("hf-local")));
        QVERIFY(!policy.knows(alice, key("hf-local-2")));
    }

    void anonymousNeverGetsMoreThanRead()
    {
        AccessFixture fixture;
        const Policy policy(fixture.directory());
        const Principal caller = Principal::anonymous(true);
        for (const Action action : AllActions) {
            const bool isRead = action == Action::Read;
            QCOMPARE(policy.allows(caller, action, key("hf-local"), PackagePath), isRead);
            QCOMPARE(policy.allows(caller, action, key("hf-local"), {}), isRead);
        }
        fixture.revokeDefaults();
        QVERIFY(!policy.allows(caller, Action::Read, key("hf-local"), PackagePath));
    }

    void anonymousReadsFromWhereTheSwitchSays_data()
    {
        QTest::addColumn<AnonymousAccess>("access");
        QTest::addColumn<bool>("isOnThisMachine");
        QTest::addColumn<bool>("isAllowed");
        QTest::newRow("off, here") << AnonymousAccess::Off << true << false;
        QTest::newRow("off, elsewhere") << AnonymousAccess::Off << false << false;
        QTest::newRow("machine, here") << AnonymousAccess::Machine << true << true;
        QTest::newRow("machine, elsewhere") << AnonymousAccess::Machine << false << false;
        QTest::newRow("everywhere, here") << AnonymousAccess::Everywhere << true << true;
        QTest::newRow("everywhere, elsewhere") << AnonymousAccess::Everywhere << false << true;
    }
    void anonymousReadsFromWhereTheSwitchSays()
    {
        QFETCH(AnonymousAccess, access);
        QFETCH(bool, isOnThisMachine);
        AccessFixture fixture;
        QVERIFY(fixture.directory().setAnonymousAccess(access));
        Authenticator authenticator(fixture.directory());
        Credentials nothing;
        nothing.isOnThisMachine = isOnThisMachine;
        const auto caller = authenticator.authenticate(nothing);
        QVERIFY(caller && caller->isAnonymous());
        const Policy policy(fixture.directory());
        QTEST(policy.allows(*caller, Action::Read, key("hf-local"), PackagePath), "isAllowed");
        QVERIFY(!policy.allows(*caller, Action::Write, key("hf-local"), PackagePath));
    }

    /// A principal that claims more than the directory knows gets nothing from the claim.
    void claimsOfThePrincipalAreNotBelieved()
    {
        AccessFixture fixture;
        fixture.createUser(QStringLiteral("alice"));
        fixture.createUser(QStringLiteral("bob"), true);
        Principal principal =
            *fixture.directory().principalOfToken(fixture.createToken(QStringLiteral("alice")).info.id);
        const Policy policy(fixture.directory());
        principal.admin = true;
        principal.groups += QStringLiteral("admins");
        QVERIFY(!policy.checkAdmin(principal));
        QVERIFY(!policy.allows(principal, Action::Write, key("hf-local"), PackagePath));
        principal.userId = fixture.directory().user(QStringLiteral("bob"))->id;
        const auto admin = policy.checkAdmin(principal);
        QVERIFY2(!admin, "the token is not bob's");
        QCOMPARE(admin.error().code(), ErrorCode::Unauthenticated);
        Principal anonymous;
        anonymous.admin = true;
        QVERIFY(!policy.checkAdmin(anonymous));
    }

    void targets_data()
    {
        QTest::addColumn<QStringList>("targets");
        QTest::addColumn<QStringList>("reached");
        const auto l = [](std::initializer_list<const char*> texts) {
            QStringList list;
            for (const char* text : texts)
                list += QString::fromLatin1(text);
            return list;
        };
        QTest::newRow("ANY") << l({"ANY"}) << l({"hf-local", "hf-remote", "elsewhere"});
        QTest::newRow("ANY LOCAL") << l({"ANY LOCAL"}) << l({"hf-local"});
        QTest::newRow("ANY REMOTE") << l({"ANY REMOTE"}) << l({"hf-remote"});
        QTest::newRow("both classes") << l({"ANY LOCAL", "ANY REMOTE"}) << l({"hf-local", "hf-remote"});
        QTest::newRow("key and class") << l({"ANY REMOTE", "elsewhere"}) << l({"hf-remote", "elsewhere"});
        QTest::newRow("key in capitals") << l({"HF-LOCAL"}) << l({"hf-local"});
    }
    void targets()
    {
        QFETCH(QStringList, targets);
        QFETCH(QStringList, reached);
        AccessFixture fixture;
        fixture.revokeDefaults();
        fixture.createUser(QStringLiteral("alice"));
        Permission permission = permissionFor(QStringLiteral("alice"), {Action::Write});
        permission.repositories = targets;
        fixture.createPermission(permission);
        const Principal alice =
            *fixture.directory().principalOfToken(fixture.createToken(QStringLiteral("alice")).info.id);
        const Policy policy(fixture.directory());
        for (const char* repository : {"hf-local", "hf-remote", "elsewhere"}) {
            QCOMPARE(policy.allows(alice, Action::Write, key(repository), PackagePath),
                     reached.contains(QLatin1String(repository)));
        }
    }

    void patterns()
    {
        AccessFixture fixture;
        fixture.revokeDefaults();
        fixture.createUser(QStringLiteral("alice"));
        Permission permission = permissionFor(QStringLiteral("alice"), {Action::Read, Action::Write});
        permission.includes = {QStringLiteral("models/acme/**"), QStringLiteral("datasets/**")};
        permission.excludes = {QStringLiteral("models/acme/secret*/**"),
                               QStringLiteral("datasets/*/keys/**")};
        fixture.createPermission(permission);
        const Principal alice =
            *fixture.directory().principalOfToken(fixture.createToken(QStringLiteral("alice")).info.id);
        const Policy policy(fixture.directory());
        const auto mayWrite = [&](const char* path) {
            return policy.allows(alice, Action::Write, key("hf-local"), QString::fromLatin1(path));
        };
        QVERIFY(mayWrite("models/acme/bert"));
        QVERIFY(mayWrite("models/ACME/Bert"));
        QVERIFY(!mayWrite("models/acme/secret-bert"));
        QVERIFY2(!mayWrite("models/ACME/SECRET-bert"), "an exclude cannot be escaped by another spelling");
        QVERIFY(!mayWrite("models/acme/secret-bert/main/config.json"));
        QVERIFY(!mayWrite("models/other/bert"));
        QVERIFY(mayWrite("datasets/acme/d"));
        QVERIFY(mayWrite("datasets/acme/d/main/x.csv"));
        QVERIFY(!mayWrite("datasets/acme/keys"));
        QVERIFY(!mayWrite("datasets/acme/keys/main/x.csv"));
        QVERIFY2(!mayWrite(""), "the whole repository needs a grant that covers everything");
        QVERIFY2(policy.allows(alice, Action::Read, key("hf-local"), {}),
                 "to look around, any grant will do");

        Permission rest = permissionFor(QStringLiteral("alice"), {Action::Write});
        rest.name = QStringLiteral("the rest");
        rest.excludes = {QStringLiteral("models/acme/**")};
        fixture.createPermission(rest);
        QVERIFY2(!mayWrite(""), "an exclude leaves something out of the whole");
        QVERIFY2(!mayWrite("models/acme/secret-bert"), "excluded by both");
        QVERIFY2(mayWrite("datasets/acme/keys"), "an exclude holds inside its own permission only");
        rest.excludes.clear();
        QVERIFY(fixture.directory().updatePermission(rest));
        QVERIFY(mayWrite(""));
    }

    void grantsAddUpOverGroups()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        fixture.revokeDefaults();
        fixture.createUser(QStringLiteral("alice"));
        QVERIFY(directory.createGroup({QStringLiteral("team"), {}, false}));
        QVERIFY(directory.addToGroup(QStringLiteral("TEAM"), QStringLiteral("Alice")));
        Permission permission = permissionFor(QStringLiteral("alice"), {Action::Read});
        permission.groups.insert(QStringLiteral("team"), {Action::Write});
        permission.groups.insert(QStringLiteral("everyone"), {Action::Annotate});
        fixture.createPermission(permission);
        const Principal alice =
            *directory.principalOfToken(fixture.createToken(QStringLiteral("alice")).info.id);
        QVERIFY(alice.belongsTo(QStringLiteral("Team")));

        const Policy policy(directory);
        const auto allowed = [&] {
            ActionSet actions;
            for (const Action action : AllActions) {
                if (policy.allows(alice, action, key("hf-local"), PackagePath))
                    actions.insert(action);
            }
            return actions.names().join(u' ');
        };
        QCOMPARE(allowed(), QStringLiteral("READ ANNOTATE WRITE"));
        QVERIFY(directory.removeFromGroup(QStringLiteral("team"), QStringLiteral("alice")));
        QCOMPARE(allowed(), QStringLiteral("READ ANNOTATE"));
        QVERIFY(directory.deleteGroup(QStringLiteral("everyone")));
        QCOMPARE(allowed(), QStringLiteral("READ"));
        QVERIFY(directory.deletePermission(permission.name));
        QCOMPARE(allowed(), QString());
    }

    void promotionActsAtOnce()
    {
        AccessFixture fixture;
        fixture.createUser(QStringLiteral("alice"));
        const Principal alice =
            *fixture.directory().principalOfToken(fixture.createToken(QStringLiteral("alice")).info.id);
        const Policy policy(fixture.directory());
        UserChange change;
        QVERIFY(!policy.checkAdmin(alice));
        change.admin = true;
        QVERIFY(fixture.directory().updateUser(QStringLiteral("alice"), change));
        QVERIFY(policy.checkAdmin(alice));
        change.admin = false;
        QVERIFY(fixture.directory().updateUser(QStringLiteral("alice"), change));
        QVERIFY(!policy.checkAdmin(alice));
    }
};

QTEST_GUILESS_MAIN(TestPolicy)
#include "tst_policy.moc"
