// SPDX-License-Identifier: Apache-2.0
#include "tests/core/service/servicefixture.h"

#include <QDir>
#include <QFile>

#include <sys/stat.h>

using namespace hublet;
using namespace hublet::service;
using namespace hublet::service::test;
using access::Action;
using Change = PlannedFile::Change;

namespace {

void write(const QString& path, const QByteArray& bytes)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

QByteArray read(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be read)");
}

void ignoreProgress(qint64, qint64) {}

} // namespace

class DiskTransfersTest : public QObject {
    Q_OBJECT

private slots:
    void plansWhatWouldHappenToEachFile();
    void uploadsWhatIsNewInOneCommit();
    void uploadsIntoAFolderOfANewPackage();
    void refusesWhatCannotBeUploadedTo();
    void cancelledUploadLeavesNoTrace();
    void savesFilesAndFolders();
    void savesForWhoMaySeeTheFolder_data();
    void savesForWhoMaySeeTheFolder();
    void savesNothingOverAFolder();
    void cancelledSavingLeavesNoTrace();

private:
    static Result<UploadPlan> plan(ServiceFixture& fixture, const UploadRequest& request)
    {
        return fixture->diskTransfers().plan(fixture.permit(fixture.owner(), Action::Write, request.id),
                                             request, {});
    }
};

void DiskTransfersTest::plansWhatWouldHappenToEachFile()
{
    ServiceFixture fixture;
    must(fixture.commit(fixture.owner(), model(QStringLiteral("acme/m")), QStringLiteral("main"),
                        {{"same.bin", "12345"}, {"changed.bin", "12345"}, {"folder/x", "1"}}));
    const QString source = fixture.file(QStringLiteral("source"));
    write(source + QStringLiteral("/same.bin"), "12345");
    write(source + QStringLiteral("/changed.bin"), "54321");
    write(source + QStringLiteral("/new/deep.txt"), "new");
    write(source + QStringLiteral("/folder"), "a file where the package has a folder");
    write(source + QStringLiteral("/.git/config"), "not for the package");
    write(source + QStringLiteral("/.cache/huggingface/note"), "not for the package");
    QVERIFY(QFile::link(source + QStringLiteral("/new"), source + QStringLiteral("/looped")));
    QVERIFY(QFile::link(source + QStringLiteral("/same.bin"), source + QStringLiteral("/linked.bin")));

    const UploadPlan made =
        must(plan(fixture, {model(QStringLiteral("acme/m")), QStringLiteral("main"), {}, {source}}));
    std::map<QString, Change> changes;
    for (const PlannedFile& file : made.files)
        changes[file.shown] = file.change;
    const std::map<QString, Change> expected{
        {QStringLiteral("same.bin"), Change::Same},    {QStringLiteral("changed.bin"), Change::Changed},
        {QStringLiteral("new/deep.txt"), Change::New}, {QStringLiteral("folder"), Change::Refused},
        {QStringLiteral("looped"), Change::Refused},   {QStringLiteral("linked.bin"), Change::New},
    };
    QVERIFY(changes == expected);
    QCOMPARE(made.bytesToUpload(), 5 + 3 + 5);
    for (const PlannedFile& file : made.files)
        QCOMPARE(file.problem.isEmpty(), file.change != Change::Refused);
}

void DiskTransfersTest::uploadsWhatIsNewInOneCommit()
{
    ServiceFixture fixture;
    const PackageId id = model(QStringLiteral("acme/m"));
    must(fixture.commit(fixture.owner(), id, QStringLiteral("main"),
                        {{"kept.txt", "kept"}, {"b.bin", "old"}}));
    const QString source = fixture.file(QStringLiteral("source"));
    const QByteArray large = someBytes(3 << 20);
    write(source + QStringLiteral("/a/large.bin"), large);
    write(source + QStringLiteral("/b.bin"), "new");
    write(source + QStringLiteral("/empty"), "");

    const UploadPlan made = must(plan(fixture, {id, QStringLiteral("main"), {}, {source}}));
    qint64 reported = 0;
    const auto commit =
        must(fixture->diskTransfers().upload(fixture.permit(fixture.owner(), Action::Write, id), made,
                                             QStringLiteral("From disk"), {}, [&](qint64 done, qint64 total) {
                                                 QVERIFY(done <= total);
                                                 reported = done;
                                             }));
    QCOMPARE(commit.title, QStringLiteral("From disk"));
    QCOMPARE(reported, large.size() + 3);
    auto files = fixture.files(fixture.owner(), id, QStringLiteral("main"));
    files.erase(".gitattributes");
    const ServiceFixture::Files expected{
        {"a/large.bin", large}, {"b.bin", "new"}, {"empty", ""}, {"kept.txt", "kept"}};
    QVERIFY(files == expected);

    const UploadPlan again = must(plan(fixture, made.request));
    QCOMPARE(again.count(Change::Same), 3);
    QCOMPARE(errorName(fixture->diskTransfers().upload(fixture.permit(fixture.owner(), Action::Write, id),
                                                       again, QStringLiteral("Again"), {}, ignoreProgress)),
             QStringLiteral("InvalidArgument"));
}

void DiskTransfersTest::uploadsIntoAFolderOfANewPackage()
{
    ServiceFixture fixture;
    const PackageId id = dataset(QStringLiteral("acme/fresh"));
    write(fixture.file(QStringLiteral("one.csv")), "1");
    const UploadPlan made = must(
        plan(fixture, {id, QStringLiteral("main"), path("data"), {fixture.file(QStringLiteral("one.csv"))}}));
    must(fixture->diskTransfers().upload(fixture.permit(fixture.owner(), Action::Write, id), made,
                                         QStringLiteral("First"), {}, ignoreProgress));
    QCOMPARE(fixture.files(fixture.owner(), id, QStringLiteral("main")).at("data/one.csv"), QByteArray("1"));
}

void DiskTransfersTest::refusesWhatCannotBeUploadedTo()
{
    ServiceFixture fixture;
    const PackageId id = model(QStringLiteral("acme/m"));
    must(fixture.commit(fixture.owner(), id, QStringLiteral("main"), {{"a", "1"}}));
    must(fixture->packages().createTag(fixture.permit(fixture.owner(), Action::Write, id), id,
                                       QStringLiteral("main"), QStringLiteral("v1"), {}));
    write(fixture.file(QStringLiteral("b")), "2");
    const QStringList source{fixture.file(QStringLiteral("b"))};
    QCOMPARE(errorName(plan(fixture, {id, QStringLiteral("v1"), {}, source})),
             QStringLiteral("RevisionNotFound"));
    QCOMPARE(
        errorName(plan(fixture, {id, QStringLiteral("main"), {}, {fixture.file(QStringLiteral("gone"))}})),
        QStringLiteral("Io"));
    // Two sources that would become one file.
    write(fixture.file(QStringLiteral("other/b")), "3");
    QCOMPARE(
        errorName(plan(
            fixture,
            {id, QStringLiteral("main"), {}, {source.first(), fixture.file(QStringLiteral("other/b"))}})),
        QStringLiteral("Conflict"));
}

void DiskTransfersTest::cancelledUploadLeavesNoTrace()
{
    ServiceFixture fixture;
    const PackageId id = model(QStringLiteral("acme/fresh"));
    const QString source = fixture.file(QStringLiteral("large.bin"));
    write(source, someBytes(4 << 20));
    const UploadPlan made = must(plan(fixture, {id, QStringLiteral("main"), {}, {source}}));
    const CancelToken cancel;
    QCOMPARE(errorName(fixture->diskTransfers().upload(fixture.permit(fixture.owner(), Action::Write, id),
                                                       made, QStringLiteral("Never"), cancel,
                                                       [&](qint64, qint64) { cancel.cancel(); })),
             QStringLiteral("Cancelled"));
    QCOMPARE(errorName(fixture->browse().package(fixture.permit(fixture.owner(), Action::Read, id), id)),
             QStringLiteral("PackageNotFound"));
    QVERIFY(!fixture->transfers().snapshot().front().error.isEmpty());
}

void DiskTransfersTest::savesFilesAndFolders()
{
    ServiceFixture fixture;
    const PackageId id = model(QStringLiteral("acme/m"));
    const QByteArray large = someBytes(3 << 20);
    must(
        fixture.commit(fixture.owner(), id, QStringLiteral("main"),
                       {{"a.txt", "a"}, {"sub/large.bin", large}, {"sub/deep/empty", ""}, {"subway", "no"}}));
    const auto permit = fixture.permit(fixture.owner(), Action::Read, id);
    const auto revision = must(fixture->browse().revision(permit, id, QStringLiteral("main")));
    const auto save = [&](const RepoPath& from, const QString& target) {
        return fixture->diskTransfers().save(permit, id, revision, from, target, {}, ignoreProgress);
    };
    write(fixture.file(QStringLiteral("out.bin")), "replaced");
    QCOMPARE(must(save(path("sub/large.bin"), fixture.file(QStringLiteral("out.bin")))), 1);
    QCOMPARE(read(fixture.file(QStringLiteral("out.bin"))), large);

    const QString folder = fixture.file(QStringLiteral("out"));
    QCOMPARE(must(save(path("sub"), folder)), 2);
    QCOMPARE(read(folder + QStringLiteral("/large.bin")), large);
    QCOMPARE(read(folder + QStringLiteral("/deep/empty")), QByteArray());
    QVERIFY(!QFile::exists(folder + QStringLiteral("/subway")));

    const QString whole = fixture.file(QStringLiteral("whole"));
    must(save({}, whole));
    QCOMPARE(read(whole + QStringLiteral("/a.txt")), QByteArray("a"));
    QCOMPARE(errorName(save(path("gone"), fixture.file(QStringLiteral("x")))),
             QStringLiteral("EntryNotFound"));
}

void DiskTransfersTest::savesForWhoMaySeeTheFolder_data()
{
    QTest::addColumn<bool>("isShared");
    QTest::newRow("a folder that all may read") << true;
    QTest::newRow("a folder of one's own") << false;
}

void DiskTransfersTest::savesForWhoMaySeeTheFolder()
{
    QFETCH(bool, isShared);
    constexpr auto Own = QFile::ReadOwner | QFile::WriteOwner;
    constexpr auto Read = QFile::ReadGroup | QFile::ReadOther;
    constexpr auto Look = Read | QFile::ExeGroup | QFile::ExeOther;
    constexpr auto All = Own | QFile::ExeOwner | Look | QFile::WriteGroup | QFile::WriteOther;
    ServiceFixture fixture;
    const PackageId id = model(QStringLiteral("acme/m"));
    must(fixture.commit(fixture.owner(), id, QStringLiteral("main"), {{"deep/er/a.txt", "a"}}));
    const auto permit = fixture.permit(fixture.owner(), Action::Read, id);
    const auto revision = must(fixture->browse().revision(permit, id, QStringLiteral("main")));
    const QString chosen = fixture.file(QStringLiteral("chosen"));
    QVERIFY(QDir().mkdir(chosen));
    QVERIFY(QFile::setPermissions(chosen, Own | QFile::ExeOwner | (isShared ? Look : QFile::Permissions())));

    const mode_t before = ::umask(077); // as Hublet has it
    const auto saved = fixture->diskTransfers().save(permit, id, revision, {}, chosen + QStringLiteral("/m"),
                                                     {}, ignoreProgress);
    ::umask(before);
    QVERIFY(saved);
    const QString folder = chosen + QStringLiteral("/m/deep");
    for (const QString& made : {chosen + QStringLiteral("/m"), folder, folder + QStringLiteral("/er")}) {
        const auto permissions = QFileInfo(made).permissions() & All;
        QCOMPARE(permissions & Look, isShared ? Look : QFile::Permissions());
        QCOMPARE(permissions & (QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
    }
    const auto permissions = QFileInfo(folder + QStringLiteral("/er/a.txt")).permissions() & All;
    QCOMPARE(permissions & ~QFile::Permissions(Own), isShared ? Read : QFile::Permissions());
}

void DiskTransfersTest::savesNothingOverAFolder()
{
    ServiceFixture fixture;
    const PackageId id = model(QStringLiteral("acme/m"));
    must(fixture.commit(fixture.owner(), id, QStringLiteral("main"), {{"a.txt", "a"}}));
    const auto permit = fixture.permit(fixture.owner(), Action::Read, id);
    const auto revision = must(fixture->browse().revision(permit, id, QStringLiteral("main")));
    const QString folder = fixture.file(QStringLiteral("mine"));
    write(folder + QStringLiteral("/diary.txt"), "dear diary");
    QCOMPARE(errorName(fixture->diskTransfers().save(permit, id, revision, {}, folder, {}, ignoreProgress)),
             QStringLiteral("AlreadyExists"));
    QCOMPARE(read(folder + QStringLiteral("/diary.txt")), QByteArray("dear diary"));
    QVERIFY(!QFile::exists(folder + QStringLiteral("/a.txt")));
}

void DiskTransfersTest::cancelledSavingLeavesNoTrace()
{
    ServiceFixture fixture;
    const PackageId id = model(QStringLiteral("acme/m"));
    must(fixture.commit(fixture.owner(), id, QStringLiteral("main"),
                        {{"a.bin", someBytes(2 << 20)}, {"b.bin", someBytes(2 << 20, 2)}}));
    const auto permit = fixture.permit(fixture.owner(), Action::Read, id);
    const auto revision = must(fixture->browse().revision(permit, id, QStringLiteral("main")));
    const QString folder = fixture.file(QStringLiteral("out"));
    const CancelToken cancel;
    const auto cancelInSecondFile = [&](qint64 done, qint64) {
        if (done > (2 << 20))
            cancel.cancel();
    };
    QCOMPARE(errorName(
                 fixture->diskTransfers().save(permit, id, revision, {}, folder, cancel, cancelInSecondFile)),
             QStringLiteral("Cancelled"));
    QVERIFY(!QFile::exists(folder));
}

QTEST_GUILESS_MAIN(DiskTransfersTest)
#include "tst_disktransfers.moc"
