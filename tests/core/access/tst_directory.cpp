// SPDX-License-Identifier: Apache-2.0
#include "tests/core/access/accessfixture.h"

#include <atomic>
#include <thread>

using namespace hublet;
using namespace hublet::access;
using namespace hublet::access::test;

class TestDirectory : public QObject {
    Q_OBJECT

    static QString describe(const Permission& permission)
    {
        const auto grants = [](const QMap<QString, ActionSet>& holders) {
            QStringList texts;
            for (auto holder = holders.begin(); holder != holders.end(); ++holder)
                texts += holder.key() + u'=' + holder->names().join(u'+');
            return texts.join(u',');
        };
        return QStringList{permission.name,
                           permission.repositories.join(u','),
                           permission.includes.join(u','),
                           permission.excludes.join(u','),
                           grants(permission.users),
                           grants(permission.groups),
                           permission.anonymousRead ? QStringLiteral("anonymous") : QString()}
            .join(u'|');
    }
    /// Everything that can be read from the directory.
    static QStringList describe(const Directory& directory)
    {
        QStringList lines{
            QStringLiteral("anonymous %1").arg(anonymousAccessName(directory.anonymousAccess()))};
        for (const User& user : directory.users()) {
            lines += QStringLiteral("%1 %2 %3 %4 %5 %6 %7 %8 %9")
                         .arg(user.id)
                         .arg(user.name, user.fullName, user.email)
                         .arg(user.admin)
                         .arg(user.hasPassword)
                         .arg(QString::fromLatin1(user.hubId), user.groups.join(u','))
                         .arg(user.createdMs);
        }
        for (const Group& group : directory.groups()) {
            lines += QStringLiteral("%1 %2 %3 %4 %5 %6")
                         .arg(group.id)
                         .arg(group.name, group.description)
                         .arg(group.autoJoin)
                         .arg(QString::fromLatin1(group.hubId), group.members.join(u','));
        }
        for (const Token& token : directory.tokens()) {
            lines += QStringLiteral("%1 %2 %3 %4 %5 %6 %7 %8 %9")
                         .arg(token.id)
                         .arg(token.userName, token.name, tokenRoleName(token.role),
                              token.repository.value_or(QString()), token.prefix)
                         .arg(token.createdMs)
                         .arg(token.expiresMs.value_or(-1))
                         .arg(token.lastUsedMs.value_or(-1));
        }
        for (const Permission& permission : directory.permissions())
            lines += describe(permission);
        return lines;
    }

private slots:
    void firstRun()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        QVERIFY(directory.users().isEmpty());
        const auto first = directory.firstRun();
        QVERIFY(first && *first);
        QCOMPARE((*first)->userName, QStringLiteral("admin"));
        QVERIFY((*first)->password.size() >= 16);
        QCOMPARE(directory.users().size(), 1);
        QVERIFY(directory.users().first().admin);
        QCOMPARE(directory.users().first().groups, QStringList{QStringLiteral("everyone")});

        Authenticator authenticator(directory);
        QByteArray storage;
        const auto byToken = authenticator.authenticate(bearer(storage, (*first)->token.secret));
        QVERIFY(byToken);
        QVERIFY(Policy(directory).checkAdmin(*byToken));
        QVERIFY((*first)->token.info.expiresMs);
        const QByteArray authorization = "Basic " + ("admin:" + (*first)->password).toBase64();
        Credentials credentials;
        credentials.authorization = authorization;
        credentials.passwordsAllowed = true;
        QVERIFY(authenticator.authenticate(credentials));

        const auto second = directory.firstRun();
        QVERIFY(second);
        QVERIFY2(!*second, "there is a user now");
        fixture.reopen();
        const auto third = fixture.directory().firstRun();
        QVERIFY(third && !*third);
        QCOMPARE(fixture.directory().users().size(), 1);
    }

    void newDatabaseLetsEverybodyHereRead()
    {
        AccessFixture fixture;
        QCOMPARE(fixture.directory().anonymousAccess(), AnonymousAccess::Machine); // stored as "on"
        QCOMPARE(fixture.directory().groups().size(), 1);
        QVERIFY(fixture.directory().group(QStringLiteral("everyone"))->autoJoin);
        QCOMPARE(fixture.directory().permissions().size(), 1);
        QCOMPARE(describe(fixture.directory().permissions().first()),
                 QStringLiteral("everyone-reads|ANY|**|||everyone=READ|anonymous"));
    }

    void users()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        NewUser request = newUser(QStringLiteral("Zoe.Z-1_a@x"));
        request.password = "correct horse";
        const auto zoe = directory.createUser(request);
        QVERIFY(zoe);
        QVERIFY(zoe->hasPassword);
        QCOMPARE(zoe->createdMs, fixture.clock.nowMs());
        fixture.createUser(Alice);
        QCOMPARE(directory.users().size(), 2);
        QCOMPARE(directory.users().first().name, Alice);
        QCOMPARE(directory.user(QStringLiteral("ZOE.z-1_a@x"))->id, zoe->id);
        QVERIFY(!directory.user(Bob));

        UserChange change;
        change.email = QStringLiteral("z@example.org");
        const auto changed = directory.updateUser(request.name.toLower(), change);
        QVERIFY(changed);
        QCOMPARE(changed->email, *change.email);
        QCOMPARE(changed->name, request.name);
        QVERIFY2(changed->hasPassword, "what is not named stays");
        change = {};
        change.password = QByteArray();
        QVERIFY(directory.updateUser(request.name, change));
        QVERIFY(!directory.user(request.name)->hasPassword);

        QCOMPARE(errorName(directory.updateUser(Bob, change)), QStringLiteral("NotFound"));
        QCOMPARE(errorName(directory.deleteUser(Bob)), QStringLiteral("NotFound"));
        QVERIFY(directory.deleteUser(Alice));
        QCOMPARE(directory.users().size(), 1);
    }

    void badUsersAreRefused_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QByteArray>("password");
        QTest::addColumn<QString>("expected");
        const auto add = [](const char* row, const QString& name, const QByteArray& password,
                            const char* expected) {
            QTest::newRow(row) << name << password << QString::fromLatin1(expected);
        };
        add("no name", QString(), {}, "InvalidName");
        add("long name", QString(65, u'a'), {}, "InvalidName");
        add("colon", QStringLiteral("a:b"), {}, "InvalidName");
        add("blank", QStringLiteral("a b"), {}, "InvalidName");
        add("slash", QStringLiteral("a/b"), {}, "InvalidName");
        add("leading dot", QStringLiteral(".a"), {}, "InvalidName");
        add("beyond ASCII", QStringLiteral("zoë"), {}, "InvalidName");
        add("line feed", QStringLiteral("a\n"), {}, "InvalidName");
        add("anonymous", QStringLiteral("Anonymous"), {}, "InvalidName");
        add("owner", QStringLiteral("owner"), {}, "InvalidName");
        add("same user", QStringLiteral("ALICE"), {}, "AlreadyExists");
        add("same as a group", QStringLiteral("Everyone"), {}, "AlreadyExists");
        add("short password", QStringLiteral("bob"), "1234567", "InvalidArgument");
        add("longest name", QString(64, u'a'), {}, "no error");
    }
    void badUsersAreRefused()
    {
        QFETCH(QString, name);
        QFETCH(QByteArray, password);
        QFETCH(QString, expected);
        AccessFixture fixture;
        fixture.createUser(Alice);
        NewUser request = newUser(name);
        request.password = password;
        QCOMPARE(errorName(fixture.directory().createUser(request)), expected);
        request = newUser(Bob);
        request.fullName = QStringLiteral("a\nb");
        QCOMPARE(errorName(fixture.directory().createUser(request)), QStringLiteral("InvalidArgument"));
        QCOMPARE(fixture.directory().users().size(), expected == u"no error" ? 2 : 1);
    }

    void groups()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        fixture.createUser(Alice);
        fixture.createUser(Bob);
        const auto team = QStringLiteral("team");
        QVERIFY(directory.createGroup({team, QStringLiteral("Us"), false}));
        QCOMPARE(errorName(directory.createGroup({QStringLiteral("TEAM"), {}, false})),
                 QStringLiteral("AlreadyExists"));
        QCOMPARE(errorName(directory.createGroup({QStringLiteral("Alice"), {}, false})),
                 QStringLiteral("AlreadyExists"));
        QCOMPARE(errorName(directory.createGroup({QStringLiteral("a b"), {}, false})),
                 QStringLiteral("InvalidName"));
        QCOMPARE(errorName(directory.createGroup({QStringLiteral("crew"), QStringLiteral("a\nb"), false})),
                 QStringLiteral("InvalidArgument"));
        QVERIFY(directory.addToGroup(team, Bob));
        QVERIFY(directory.addToGroup(team, Alice));
        QVERIFY2(directory.addToGroup(team, Alice), "once more is no error");
        QCOMPARE(directory.group(team)->members, (QStringList{Alice, Bob}));
        QCOMPARE(directory.user(Alice)->groups, (QStringList{QStringLiteral("everyone"), team}));
        QCOMPARE(errorName(directory.addToGroup(team, QStringLiteral("carol"))), QStringLiteral("NotFound"));
        QCOMPARE(errorName(directory.addToGroup(QStringLiteral("crew"), Bob)), QStringLiteral("NotFound"));
        QVERIFY(directory.removeFromGroup(team, Bob));
        QVERIFY2(directory.removeFromGroup(team, Bob), "once more is no error");
        QCOMPARE(directory.group(team)->members, QStringList{Alice});
        QVERIFY(directory.deleteUser(Alice));
        QVERIFY(directory.group(team)->members.isEmpty());
        QVERIFY(directory.deleteGroup(team));
        QVERIFY(!directory.group(team));
        QCOMPARE(errorName(directory.deleteGroup(team)), QStringLiteral("NotFound"));
    }

    void permissions()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        fixture.createUser(QStringLiteral("Alice"));
        Permission permission;
        permission.name = QStringLiteral("Team rights");
        permission.repositories = {QStringLiteral("hf-local"), QStringLiteral("ANY REMOTE")};
        permission.includes = {QStringLiteral("models/**"), QStringLiteral("datasets/**")};
        permission.excludes = {QStringLiteral("models/secret/**")};
        permission.users = {{Alice, {Action::Read, Action::Manage}}};
        permission.groups = {{QStringLiteral("everyone"), {Action::Read, Action::Write, Action::Delete}}};
        const auto created = directory.createPermission(permission);
        QVERIFY(created);
        QCOMPARE(describe(*created),
                 QStringLiteral("Team rights|hf-local,ANY REMOTE|models/**,datasets/**|models/secret/**|"
                                "Alice=READ+MANAGE|everyone=READ+WRITE+DELETE|"));
        QCOMPARE(directory.permission(QStringLiteral("TEAM RIGHTS"))->id, created->id);
        permission.name = QStringLiteral("team rights");
        QCOMPARE(errorName(directory.createPermission(permission)), QStringLiteral("AlreadyExists"));

        permission.repositories = {QStringLiteral("ANY")};
        permission.includes.clear();
        permission.excludes.clear();
        permission.users.clear();
        permission.groups = {{QStringLiteral("everyone"), {}}};
        permission.anonymousRead = true;
        const auto updated = directory.updatePermission(permission);
        QVERIFY(updated);
        QCOMPARE(updated->id, created->id);
        QCOMPARE(describe(*updated), QStringLiteral("Team rights|ANY|||||anonymous"));

        QVERIFY(directory.deletePermission(permission.name));
        QCOMPARE(errorName(directory.deletePermission(permission.name)), QStringLiteral("NotFound"));
        QCOMPARE(errorName(directory.updatePermission(permission)), QStringLiteral("NotFound"));
    }

    void badPermissionsAreRefused_data()
    {
        QTest::addColumn<Permission>("permission");
        QTest::addColumn<QString>("expected");
        const auto add = [](const char* row, const char* expected,
                            const std::function<void(Permission&)>& spoil) {
            Permission permission;
            permission.name = QStringLiteral("p");
            permission.repositories = {QStringLiteral("hf-local")};
            spoil(permission);
            QTest::newRow(row) << permission << QString::fromLatin1(expected);
        };
        add("good", "no error", [](Permission&) {});
        add("no name", "InvalidName", [](Permission& p) { p.name.clear(); });
        add("slash in the name", "InvalidName", [](Permission& p) { p.name = QStringLiteral("a/b"); });
        add("no repository", "InvalidArgument", [](Permission& p) { p.repositories.clear(); });
        add("bad repository", "InvalidName", [](Permission& p) { p.repositories += QStringLiteral("a\nb"); });
        add("unknown class", "InvalidName",
            [](Permission& p) { p.repositories += QStringLiteral("ANY THING"); });
        add("bad include", "InvalidArgument", [](Permission& p) { p.includes += QStringLiteral("/x"); });
        add("bad exclude", "InvalidArgument", [](Permission& p) { p.excludes += QStringLiteral("a\nb"); });
        for (const char* pattern : {"models/acme/bert/**/secret.bin", "models/acme/bert/*", "**/*.bin",
                                    "models/acme/bert/main/**", "models/**/bert"}) {
            add(pattern, "InvalidArgument",
                [pattern](Permission& p) { p.excludes += QString::fromLatin1(pattern); });
        }
        add("include divides packages", "InvalidArgument",
            [](Permission& p) { p.includes += QStringLiteral("models/acme/bert/*.json"); });
        add("too many patterns", "InvalidArgument", [](Permission& p) {
            for (int i = 0; i < 1001; ++i)
                p.excludes += QStringLiteral("x");
        });
        add("unknown user", "NotFound", [](Permission& p) { p.users[Alice] = {Action::Read}; });
        add("anonymous as a user", "NotFound",
            [](Permission& p) { p.users[Principal().name] = {Action::Write}; });
        add("unknown group", "NotFound", [](Permission& p) { p.groups[Alice] = {Action::Read}; });
    }
    void badPermissionsAreRefused()
    {
        QFETCH(Permission, permission);
        QFETCH(QString, expected);
        AccessFixture fixture;
        QCOMPARE(errorName(fixture.directory().createPermission(permission)), expected);
        QCOMPARE(fixture.directory().permission(permission.name).has_value(), expected == u"no error");
    }

    void reopenedDirectoryIsTheSame()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        QVERIFY(*directory.firstRun());
        fixture.createUser(QStringLiteral("Alice"), false, "correct horse");
        fixture.createUser(Bob);
        QVERIFY(directory.createGroup({QStringLiteral("Team"), QStringLiteral("Us"), true}));
        QVERIFY(directory.addToGroup(QStringLiteral("team"), Bob));
        (void)fixture.createToken(Bob, Principal::TokenRole::Write, key("hf-local"), AccessFixture::MinuteMs);
        (void)fixture.createToken(Alice, Principal::TokenRole::Read);
        Permission permission;
        permission.name = QStringLiteral("rights");
        permission.repositories = {QStringLiteral("ANY LOCAL"), QStringLiteral("other")};
        permission.excludes = {QStringLiteral("models/größe/**"), QStringLiteral("x")};
        permission.users = {{Alice, ActionSet::all()}, {Bob, {Action::Scan}}};
        permission.groups = {{QStringLiteral("team"), {Action::Annotate}}};
        fixture.createPermission(permission);
        QVERIFY(directory.setAnonymousAccess(AnonymousAccess::Everywhere));

        const QStringList before = describe(directory);
        QVERIFY(before.size() > 8);
        fixture.reopen();
        QCOMPARE(describe(fixture.directory()), before);
        QVERIFY(fixture.directory().deleteUser(Bob));
        const QStringList after = describe(fixture.directory());
        QVERIFY(after != before);
        fixture.reopen();
        QCOMPARE(describe(fixture.directory()), after);
    }

    void unreadableRowIsReported()
    {
        AccessFixture fixture;
        const auto spoilt = fixture.database().write([](db::Transaction& transaction) {
            return transaction.query(u"UPDATE access_group_grant SET actions = 'FLY'").run();
        });
        QVERIFY(spoilt);
        const auto opened = Directory::open(fixture.database(), fixture.clock);
        QCOMPARE(errorName(opened), QStringLiteral("Corrupt"));
        NewUser request = newUser(Alice);
        QCOMPARE(errorName(fixture.directory().createUser(request)), QStringLiteral("Corrupt"));
        QVERIFY2(!fixture.directory().user(Alice), "what cannot be put in force is not done");
    }

    /// Requests go on while everything changes under them; nobody sees half a change.
    void readersDuringChanges()
    {
        AccessFixture fixture;
        Directory& directory = fixture.directory();
        fixture.revokeDefaults();
        fixture.createUser(Alice);
        const CreatedToken lasting = fixture.createToken(Alice);
        Permission permission;
        permission.name = QStringLiteral("p");
        permission.repositories = {QStringLiteral("ANY LOCAL")};
        permission.users = {{Alice, {Action::Read, Action::Write}}};
        fixture.createPermission(permission);

        Authenticator authenticator(directory);
        const Policy policy(directory);
        std::atomic<bool> stop = false;
        std::atomic<int> wrong = 0;
        std::atomic<qint64> requests = 0;
        std::vector<std::thread> readers;
        for (int i = 0; i < 3; ++i) {
            readers.emplace_back([&] {
                QByteArray storage;
                const Credentials credentials = bearer(storage, lasting.secret);
                while (!stop) {
                    const auto principal = authenticator.authenticate(credentials);
                    const bool mayRead = principal && policy.allows(*principal, Action::Read, key("hf-local"),
                                                                    QStringLiteral("models/a/b"));
                    const bool mayDelete =
                        principal && policy.allows(*principal, Action::Delete, key("hf-local"), {});
                    wrong += mayRead && !mayDelete ? 0 : 1;
                    wrong += directory.users().isEmpty() || directory.tokens(Alice).isEmpty() ? 1 : 0;
                    ++requests;
                }
            });
        }
        int revokedStillIn = 0;
        for (int i = 0; i < 30; ++i) {
            fixture.createUser(Bob);
            const CreatedToken token = fixture.createToken(Bob);
            permission.users = {
                {Alice, i % 2 == 0 ? ActionSet{Action::Read} : ActionSet{Action::Read, Action::Write}}};
            QVERIFY(directory.updatePermission(permission));
            QByteArray storage;
            const Credentials credentials = bearer(storage, token.secret);
            QVERIFY(authenticator.authenticate(credentials));
            QVERIFY(directory.storeTokenUse());
            QVERIFY(directory.deleteUser(Bob));
            revokedStillIn += authenticator.authenticate(credentials) ? 1 : 0;
        }
        QTRY_VERIFY(requests > 100);
        stop = true;
        for (std::thread& reader : readers)
            reader.join();
        QCOMPARE(wrong.load(), 0);
        QCOMPARE(revokedStillIn, 0);
    }

    void changesFromSeveralThreads()
    {
        AccessFixture fixture;
        std::atomic<int> created = 0;
        std::vector<std::thread> writers;
        for (int i = 0; i < 4; ++i) {
            writers.emplace_back([&fixture, &created, i] {
                for (int n = 0; n < 5; ++n) {
                    const auto own = QStringLiteral("user-%1-%2").arg(i).arg(n);
                    const auto shared = QStringLiteral("shared-%1").arg(n);
                    if (!fixture.directory().createUser(newUser(own)))
                        qFatal("cannot create a user");
                    created += fixture.directory().createUser(newUser(shared)) ? 1 : 0;
                }
            });
        }
        for (std::thread& writer : writers)
            writer.join();
        QCOMPARE(created.load(), 5);
        QCOMPARE(fixture.directory().users().size(), 25);
        const QStringList before = describe(fixture.directory());
        fixture.reopen();
        QCOMPARE(describe(fixture.directory()), before);
    }
};

QTEST_GUILESS_MAIN(TestDirectory)
#include "tst_directory.moc"
