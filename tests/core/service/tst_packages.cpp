// SPDX-License-Identifier: Apache-2.0
#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestPackages : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));

private slots:
    void createsWithAnInitialCommit()
    {
        ServiceFixture hublet;
        NewPackage what;
        what.license = QStringLiteral("mit");
        what.files = {{path("notes/a.txt"), "hello\n"}};
        const auto package = hublet.createPackage(hublet.owner(), m_bert, what);
        QCOMPARE(package.id.id(), QStringLiteral("acme/bert"));
        const auto files = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        QCOMPARE(files.size(), 3U);
        QCOMPARE(files.at("notes/a.txt"), QByteArray("hello\n"));
        QCOMPARE(files.at("README.md"), QByteArray("---\nlicense: mit\n---\n"));
        QVERIFY(files.at(".gitattributes").contains("*.safetensors filter=lfs"));
        const auto reading = hublet.permit(hublet.owner(), Action::Read, m_bert);
        const auto head = must(hublet->browse().revision(reading, m_bert, QStringLiteral("main")));
        const auto page = must(hublet->browse().commits(reading, m_bert, head, 10, {}));
        QCOMPARE(page.total, 1);
        QCOMPARE(page.commits[0].title, QStringLiteral("initial commit"));
        QVERIFY(must(hublet->browse().package(reading, m_bert))
                    .card.tags.contains(QStringLiteral("license:mit")));
    }

    void refusesBadNewPackages()
    {
        ServiceFixture hublet;
        Packages& packages = hublet->packages();
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const PackageId shouting = model(QStringLiteral("ACME/Bert"));
        QCOMPARE(
            errorName(packages.create(hublet.permit(hublet.owner(), Action::Write, shouting), shouting, {})),
            QStringLiteral("AlreadyExists"));
        const PackageId bare = model(QStringLiteral("gpt2"));
        QCOMPARE(errorName(packages.create(hublet.permit(hublet.owner(), Action::Write, bare), bare, {})),
                 QStringLiteral("InvalidName"));
        NewPackage what;
        what.license = QStringLiteral("mit\nevil: true");
        const PackageId other = model(QStringLiteral("acme/other"));
        QCOMPARE(errorName(packages.create(hublet.permit(hublet.owner(), Action::Write, other), other, what)),
                 QStringLiteral("InvalidArgument"));
        QCOMPARE(
            errorName(hublet->browse().package(hublet.permit(hublet.owner(), Action::Read, other), other)),
            QStringLiteral("PackageNotFound"));
    }

    void hidesPrivatePackages()
    {
        ServiceFixture hublet;
        const Principal alice = hublet.user(QStringLiteral("alice"), {Action::Read, Action::Write});
        const Principal bob = hublet.user(QStringLiteral("bob"), {Action::Read, Action::Write});
        Principal carol = hublet.user(QStringLiteral("carol"), {Action::Read, Action::Write});
        access::NewGroup group;
        group.name = QStringLiteral("acme");
        must(hublet->directory().createGroup(group));
        must(hublet->directory().addToGroup(group.name, carol.name));
        carol = must(hublet->directory().principalOfToken(carol.tokenId));
        NewPackage what;
        what.isPrivate = true;
        (void)hublet.createPackage(alice, m_bert, what);

        const auto seenBy = [&](const Principal& principal) {
            return errorName(
                hublet->browse().package(hublet.permit(principal, Action::Read, m_bert), m_bert));
        };
        QCOMPARE(seenBy(alice), QStringLiteral("no error"));
        QCOMPARE(seenBy(carol), QStringLiteral("no error"));
        QCOMPARE(seenBy(hublet.owner()), QStringLiteral("no error"));
        QCOMPARE(seenBy(bob), QStringLiteral("PackageNotFound"));
        QCOMPARE(seenBy(Principal::anonymous(true)), QStringLiteral("PackageNotFound"));

        // Absent and hidden look the same, everywhere.
        const PackageId absent = model(QStringLiteral("acme/absent"));
        const auto hidden = hublet->browse().package(hublet.permit(bob, Action::Read, m_bert), m_bert);
        const auto missing = hublet->browse().package(hublet.permit(bob, Action::Read, absent), absent);
        QCOMPARE(hidden.error().detail(), missing.error().detail());
        const QList<QByteArray> segments{"main", ".gitattributes"};
        QByteArray sha;
        QVERIFY(hublet->browse().file(hublet.permit(alice, Action::Read, m_bert), m_bert, segments, &sha));
        QCOMPARE(errorName(
                     hublet->browse().file(hublet.permit(bob, Action::Read, m_bert), m_bert, segments, &sha)),
                 QStringLiteral("PackageNotFound"));
        QVERIFY(sha.isEmpty());
        QCOMPARE(errorName(hublet.commit(bob, m_bert, QStringLiteral("main"), {{"a", "b"}})),
                 QStringLiteral("PackageNotFound"));
        const auto listed = [&](const Principal& principal) {
            return must(hublet->browse().packages(principal, hublet.repository(), {})).items.size();
        };
        QCOMPARE(listed(alice), 1U);
        QCOMPARE(listed(bob), 0U);
        QCOMPARE(must(hublet->browse().namespaces(carol, hublet.repository(), PackageType::Model)).size(),
                 1U);
        QCOMPARE(must(hublet->browse().namespaces(bob, hublet.repository(), PackageType::Model)).size(), 0U);
    }

    void gatesAndDisables()
    {
        ServiceFixture hublet;
        const Principal reader = hublet.user(QStringLiteral("reader"), {Action::Read});
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        NewPackage what;
        what.files = {{path("a.txt"), "a"}};
        (void)hublet.createPackage(writer, m_bert, what);
        PackageSettings settings;
        settings.gating = catalog::Gating::Manual;
        const auto package = must(hublet->packages().changeSettings(
            hublet.permit(writer, Action::Write, m_bert), m_bert, settings));
        const auto gate = [&](const Principal& principal) {
            return hublet->browse().checkGate(hublet.permit(principal, Action::Read, m_bert), package);
        };
        QVERIFY(gate(writer));
        QCOMPARE(errorName(gate(reader)), QStringLiteral("Gated"));
        QVERIFY(gate(reader).error().detail().startsWith(QStringLiteral(
            "Access to model acme/bert is restricted and you are not in the authorized list.")));
        QVERIFY(gate(Principal::anonymous(true))
                    .error()
                    .detail()
                    .contains(QStringLiteral("must have access to it and be authenticated")));
        const auto reading = hublet.permit(reader, Action::Read, m_bert);
        QVERIFY(must(hublet->browse().file(reading, m_bert, {"main", "a.txt"}, nullptr))->gated);
        const auto head = must(hublet->browse().revision(reading, m_bert, QStringLiteral("main")));
        QCOMPARE(errorName(hublet->browse().readFile(reading, m_bert, head, path("a.txt"), 10)),
                 QStringLiteral("Gated"));

        settings = {};
        settings.disabled = true;
        must(hublet->packages().changeSettings(hublet.permit(writer, Action::Write, m_bert), m_bert,
                                               settings));
        const auto file = hublet->browse().file(reading, m_bert, {"main", "a.txt"}, nullptr);
        QCOMPARE(errorName(file), QStringLiteral("Blocked"));
        QCOMPARE(file.error().detail(), QStringLiteral("Access to this resource is disabled."));
        QCOMPARE(errorName(hublet.commit(writer, m_bert, QStringLiteral("main"), {{"a", "b"}})),
                 QStringLiteral("Blocked"));
        QVERIFY(must(hublet->browse().package(reading, m_bert)).disabled);
    }

    void movesAndForwards()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const PackageId renamed = model(QStringLiteral("acme/roberta"));
        const PackageId taken = model(QStringLiteral("acme/taken"));
        (void)hublet.createPackage(hublet.owner(), taken);
        QStringList moves;
        QObject::connect(&hublet->events(), &EventBus::packageMoved,
                         [&](const QString&, PackageType, const QString& from, const QString& to) {
                             moves += from + u'>' + to;
                         });
        const auto move = [&](const PackageId& to) {
            return hublet->packages().move(hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert,
                                           hublet.permit(hublet.owner(), Action::Write, to), to);
        };
        const auto clash = move(taken);
        QCOMPARE(errorName(clash), QStringLiteral("AlreadyExists"));
        QCOMPARE(clash.error().detail(),
                 QStringLiteral("A model repository called acme/taken already exists"));
        QVERIFY(move(renamed));
        QCOMPARE(moves, QStringList{QStringLiteral("acme/bert>acme/roberta")});
        QCOMPARE(must(hublet->browse().movedTo(hublet.repository(), m_bert))->id(), renamed.id());
        QVERIFY(!must(hublet->browse().movedTo(hublet.repository(), renamed)));
        // An upload to the old name is sent on rather than making a new package.
        QCOMPARE(errorName(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", "b"}})),
                 QStringLiteral("PackageNotFound"));
        QVERIFY(hublet->packages().remove(hublet.permit(hublet.owner(), Action::Delete, renamed), renamed));
        QCOMPARE(errorName(
                     hublet->browse().package(hublet.permit(hublet.owner(), Action::Read, renamed), renamed)),
                 QStringLiteral("PackageNotFound"));
    }

    void managesBranchesAndTags()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const auto writing = hublet.permit(hublet.owner(), Action::Write, m_bert);
        const auto reading = hublet.permit(hublet.owner(), Action::Read, m_bert);
        Packages& packages = hublet->packages();
        QStringList changes;
        QObject::connect(
            &hublet->events(), &EventBus::refChanged,
            [&](const QString&, PackageType, const QString&, const QString& ref) { changes += ref; });

        Packages::NewBranch branch;
        branch.name = QStringLiteral("dev");
        QVERIFY(packages.createBranch(writing, m_bert, branch));
        QCOMPARE(errorName(packages.createBranch(writing, m_bert, branch)), QStringLiteral("AlreadyExists"));
        branch.name = QStringLiteral("from-nowhere");
        branch.startingPoint = QStringLiteral("absent");
        QCOMPARE(errorName(packages.createBranch(writing, m_bert, branch)),
                 QStringLiteral("RevisionNotFound"));
        branch.name = QStringLiteral("refs/x");
        branch.startingPoint.reset();
        QCOMPARE(errorName(packages.createBranch(writing, m_bert, branch)),
                 QStringLiteral("InvalidRevision"));

        QVERIFY(packages.createTag(writing, m_bert, QStringLiteral("main"), QStringLiteral("v1"),
                                   QStringLiteral("first")));
        QCOMPARE(errorName(packages.createTag(writing, m_bert, QStringLiteral("absent"),
                                              QStringLiteral("a b"), {})),
                 QStringLiteral("RevisionNotFound"));
        QCOMPARE(
            errorName(packages.createTag(writing, m_bert, QStringLiteral("main"), QStringLiteral("a b"), {})),
            QStringLiteral("InvalidRevision"));
        QCOMPARE(must(hublet->browse().refs(reading, m_bert, true)).size(), 3U);
        QCOMPARE(errorName(packages.deleteBranch(writing, m_bert, QStringLiteral("main"))),
                 QStringLiteral("Forbidden"));
        QCOMPARE(errorName(packages.deleteBranch(writing, m_bert, QStringLiteral("v1"))),
                 QStringLiteral("RevisionNotFound"));
        QVERIFY(packages.deleteBranch(writing, m_bert, QStringLiteral("dev")));
        QVERIFY(packages.deleteTag(writing, m_bert, QStringLiteral("v1")));
        QCOMPARE(must(hublet->browse().refs(reading, m_bert, true)).size(), 1U);
        QCOMPARE(changes, QStringList({QStringLiteral("dev"), QStringLiteral("v1"), QStringLiteral("dev"),
                                       QStringLiteral("v1")}));
    }

    void guardsReleases()
    {
        ServiceFixture hublet;
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        QVERIFY(hublet.commit(writer, m_bert, QStringLiteral("v1"), {{"a", "1"}}));
        const auto writing = hublet.permit(writer, Action::Write, m_bert);
        QCOMPARE(errorName(hublet->packages().deleteBranch(writing, m_bert, QStringLiteral("v1"))),
                 QStringLiteral("Forbidden"));
        Packages::NewBranch branch;
        branch.name = QStringLiteral("v1");
        branch.startingPoint = QStringLiteral("v1");
        branch.overwrite = true;
        QCOMPARE(errorName(hublet->packages().createBranch(writing, m_bert, branch)),
                 QStringLiteral("Conflict"));
        QVERIFY(hublet->packages().deleteBranch(hublet.permit(hublet.owner(), Action::Write, m_bert), m_bert,
                                                QStringLiteral("v1")));
    }

    void movesBranchesOnlyWithTheDeleteRight()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        const auto writing = hublet.permit(writer, Action::Write, m_bert);
        Packages::NewBranch branch;
        branch.name = QStringLiteral("main");
        branch.empty = true;
        branch.overwrite = true;
        const auto refused = hublet->packages().createBranch(writing, m_bert, branch);
        QCOMPARE(errorName(refused), QStringLiteral("Forbidden"));
        QVERIFY(
            refused.error().detail().startsWith(QStringLiteral("Overwriting branch 'main' of acme/bert")));
        QCOMPARE(hublet.files(writer, m_bert, QStringLiteral("main")).size(), 1U);
        // Where there is none, nothing is lost.
        branch.name = QStringLiteral("dev");
        QVERIFY(hublet->packages().createBranch(writing, m_bert, branch));
        QCOMPARE(errorName(hublet->packages().createBranch(writing, m_bert, branch)),
                 QStringLiteral("Forbidden"));
        const Principal deleter =
            hublet.user(QStringLiteral("deleter"), {Action::Read, Action::Write, Action::Delete});
        branch.name = QStringLiteral("main");
        QVERIFY(
            hublet->packages().createBranch(hublet.permit(deleter, Action::Write, m_bert), m_bert, branch));
        QVERIFY(hublet.files(writer, m_bert, QStringLiteral("main")).empty());
    }

    void squashes()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        must(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"a", "1"}}));
        const auto before = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        const auto commit =
            must(hublet->packages().squash(hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert,
                                           QStringLiteral("main"), QStringLiteral("one")));
        QVERIFY(commit.parents.empty());
        QCOMPARE(commit.title, QStringLiteral("one"));
        QVERIFY(hublet.files(hublet.owner(), m_bert, QStringLiteral("main")) == before);
    }

    void deletesLfsFilesFromEveryBranch()
    {
        ServiceFixture hublet;
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const QByteArray weights = someBytes(100'000);
        QVERIFY(hublet.uploadLfs(hublet.owner(), weights));
        must(hublet.commitLfs(hublet.owner(), m_bert, QStringLiteral("main"), "w.bin", weights));
        must(hublet.commitLfs(hublet.owner(), m_bert, QStringLiteral("main"), "copy.bin", weights));
        Packages::NewBranch branch;
        branch.name = QStringLiteral("dev");
        must(hublet->packages().createBranch(hublet.permit(hublet.owner(), Action::Write, m_bert), m_bert,
                                             branch));
        const auto reading = hublet.permit(hublet.owner(), Action::Read, m_bert);
        const auto listed = must(hublet->browse().lfsFiles(reading, m_bert, 100, {}));
        QCOMPARE(listed.items.size(), 2U);
        const auto& weightsFile =
            *std::find_if(listed.items.begin(), listed.items.end(),
                          [](const auto& file) { return file.path == QStringLiteral("w.bin"); });
        QCOMPARE(weightsFile.size, weights.size());
        QCOMPARE(weightsFile.ref, std::optional(QStringLiteral("main")));
        must(hublet->packages().deleteLfsFiles(hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert,
                                               {weightsFile.fileOid}));
        for (const QString& name : {QStringLiteral("main"), QStringLiteral("dev")}) {
            const auto files = hublet.files(hublet.owner(), m_bert, name);
            QVERIFY(!files.contains("w.bin"));
            QVERIFY(files.contains("copy.bin"));
        }
        QCOMPARE(must(hublet->browse().lfsFiles(reading, m_bert, 100, {})).items.size(), 1U);
    }
};

QTEST_GUILESS_MAIN(TestPackages)
#include "tst_packages.moc"
