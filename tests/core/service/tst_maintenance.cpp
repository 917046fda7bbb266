// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/base/uniquefd.h"
#include "core/db/database.h"
#include "tests/core/service/servicefixture.h"

#include <QDir>
#include <QDirIterator>
#include <QFileInfo>

#include <fcntl.h>
#include <sys/file.h>

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestMaintenance : public QObject {
    Q_OBJECT

    static constexpr qint64 DayMs = 24LL * 3600 * 1000;
    const PackageId m_bert = model(QStringLiteral("acme/bert"));

    static void fill(ServiceFixture& hublet, const PackageId& id)
    {
        (void)hublet.createPackage(hublet.owner(), id);
        must(hublet.commit(
            hublet.owner(), id, QStringLiteral("main"),
            {{"a.txt", "text\n"}, {"large.bin", someBytes(2'000'000)}, {"small.bin", someBytes(3000, 2)}}));
    }
    /// Where the middle of these bytes lies in the store.
    struct Place {
        QString file;
        qint64 position = -1;
    };
    static std::optional<Place> findStored(const ServiceFixture& hublet, const QByteArray& bytes)
    {
        const QByteArray middle = bytes.sliced(bytes.size() / 2, 64);
        QDirIterator files(hublet.dataFolder() + QStringLiteral("/store"), QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            QFile file(files.next());
            if (!file.open(QIODevice::ReadOnly))
                continue;
            if (const qsizetype found = file.readAll().indexOf(middle); found >= 0)
                return Place{file.fileName(), found};
        }
        return std::nullopt;
    }
    static void addBothForms()
    {
        QTest::addColumn<bool>("xet");
        QTest::addColumn<int>("keepDays"); // of what nothing refers to
        QTest::newRow("whole") << false << 1;
        QTest::newRow("segments") << true << 28;
    }
    static void flipByte(const QString& name, qint64 position)
    {
        QVERIFY(QFile::setPermissions(name, QFile::ReadOwner | QFile::WriteOwner));
        QFile file(name);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(position));
        char c = 0;
        QVERIFY(file.getChar(&c));
        QVERIFY(file.seek(position));
        QVERIFY(file.putChar(char(c ^ 1)));
    }
    static store::SweepReport sweep(ServiceFixture& hublet, bool dryRun = false)
    {
        return must(hublet->maintenance().sweep(hublet.adminPermit(), dryRun, {}, {}));
    }
    static Result<Maintenance::VerifyReport> verify(ServiceFixture& hublet)
    {
        return hublet->maintenance().verify(hublet.adminPermit(), {}, {});
    }

private slots:
    void verifyNamesHurtFiles_data()
    {
        QTest::addColumn<bool>("xet");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("name");
        for (const bool xet : {false, true}) {
            const char* form = xet ? "segments" : "whole";
            QTest::addRow("large, %s", form) << xet << someBytes(2'000'000) << QStringLiteral("large.bin");
            QTest::addRow("small, %s", form) << xet << someBytes(3000, 2) << QStringLiteral("small.bin");
        }
    }
    void verifyNamesHurtFiles()
    {
        QFETCH(bool, xet);
        QFETCH(QByteArray, bytes);
        QFETCH(QString, name);
        ServiceFixture hublet;
        hublet.setXet(xet);
        fill(hublet, m_bert);
        auto report = must(verify(hublet));
        QVERIFY(report.damaged.empty());
        QVERIFY(report.contents >= 4);
        QVERIFY(report.bytes > 2'000'000);
        const auto place = findStored(hublet, bytes);
        QVERIFY(place);
        flipByte(place->file, place->position);
        report = must(verify(hublet));
        QCOMPARE(report.damaged.size(), 1U);
        QCOMPARE(report.damaged[0].content.sha256, Sha256Hasher::hash(bytes));
        QCOMPARE(report.damaged[0].files,
                 QStringList{QStringLiteral("hf-local: models/acme/bert@main: ") + name});
    }

    void lostContentIsUploadedAgain_data()
    {
        QTest::addColumn<bool>("xet");
        QTest::newRow("segments") << true;
        QTest::newRow("whole") << false;
    }
    void lostContentIsUploadedAgain()
    {
        QFETCH(bool, xet);
        ServiceFixture hublet;
        hublet.setXet(xet);
        const QByteArray bytes = someBytes(700'000, 9);
        const Sha256 digest = Sha256Hasher::hash(bytes);
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        const auto isStored = [&] {
            return must(hublet->uploads().alreadyUploaded(hublet.permit(writer, Action::Write, m_bert),
                                                          digest, bytes.size()));
        };
        must(hublet.uploadLfs(writer, bytes));
        must(hublet.commitLfs(writer, m_bert, QStringLiteral("main"), "w.bin", bytes));
        QVERIFY(isStored());
        const auto place = findStored(hublet, bytes);
        QVERIFY(place);
        QVERIFY(QFile::remove(place->file));
        QCOMPARE(must(verify(hublet)).damaged.size(), 1U);
        QVERIFY(!isStored());
        QCOMPARE(errorName(hublet.commitLfs(writer, m_bert, QStringLiteral("main"), "v.bin", bytes)),
                 QStringLiteral("ContentMissing"));
        must(hublet.uploadLfs(writer, bytes));
        QVERIFY(isStored());
        QCOMPARE(hublet.files(writer, m_bert, QStringLiteral("main")).at("w.bin"), bytes);
        QVERIFY(must(verify(hublet)).damaged.empty());
    }

    void verifyFindsDamageInTheCatalogue_data()
    {
        QTest::addColumn<QString>("sql");
        QTest::addColumn<QString>("what");
        const QString last = QStringLiteral(" WHERE id = (SELECT max(id) FROM %1)");
        QTest::newRow("commit") << QStringLiteral("UPDATE commit_object SET title = 'other'") +
                                       last.arg(QStringLiteral("commit_object"))
                                << QStringLiteral("Commit ");
        QTest::newRow("tree") << QStringLiteral("UPDATE tree SET oid = zeroblob(20)") +
                                     last.arg(QStringLiteral("tree"))
                              << QStringLiteral("Tree ");
        QTest::newRow("page") << QStringLiteral("UPDATE tree_page SET git = zeroblob(40)") +
                                     last.arg(QStringLiteral("tree_page"))
                              << QStringLiteral("Page ");
    }
    void verifyFindsDamageInTheCatalogue()
    {
        QFETCH(QString, sql);
        QFETCH(QString, what);
        ServiceFixture hublet;
        fill(hublet, m_bert);
        QCOMPARE(must(verify(hublet)).catalog, QStringList());
        hublet.close();
        {
            db::DatabaseOptions options;
            options.file = hublet.dataFolder() + QStringLiteral("/hublet.db");
            const auto database = must(db::Database::open(options, false));
            must(database->write([&](db::Transaction& transaction) { return transaction.query(sql).run(); }));
        }
        hublet.reopen();
        const auto report = must(verify(hublet));
        QVERIFY2(report.catalog.join(u'|').contains(what), qPrintable(report.catalog.join(u'|')));
    }

    void sweepKeepsWhatIsLive_data() { addBothForms(); }
    void sweepKeepsWhatIsLive()
    {
        QFETCH(bool, xet);
        QFETCH(int, keepDays);
        ServiceFixture hublet;
        hublet.setXet(xet);
        fill(hublet, m_bert);
        const QByteArray orphan = someBytes(400'000, 3);
        QVERIFY(hublet.uploadLfs(hublet.owner(), orphan));
        const auto before = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        QCOMPARE(sweep(hublet).contents, 0);
        QVERIFY(findStored(hublet, orphan)); // claimed
        hublet.clock().advance(DayMs + 1);
        sweep(hublet); // the claim is over
        hublet.clock().advance((keepDays - 1) * DayMs);
        QCOMPARE(sweep(hublet).contents, 0);
        hublet.clock().advance(DayMs + 1);
        QCOMPARE(sweep(hublet, true).contents, 1);
        QVERIFY(findStored(hublet, orphan));
        auto report = sweep(hublet);
        QCOMPARE(report.contents, 1);
        if (xet) { // its xorb is hidden first, from whoever begins a download
            QVERIFY(findStored(hublet, orphan));
            hublet.clock().advance(DayMs);
            report = sweep(hublet);
        }
        QVERIFY(report.bytes >= orphan.size());
        QVERIFY(!findStored(hublet, orphan));
        QVERIFY(hublet.files(hublet.owner(), m_bert, QStringLiteral("main")) == before);
        QVERIFY(must(verify(hublet)).damaged.empty());
    }

    void sweepFreesRemovedPackages_data() { addBothForms(); }
    void sweepFreesRemovedPackages()
    {
        QFETCH(bool, xet);
        QFETCH(int, keepDays);
        ServiceFixture hublet;
        hublet.setXet(xet);
        fill(hublet, m_bert);
        const PackageId other = model(QStringLiteral("acme/other"));
        (void)hublet.createPackage(hublet.owner(), other);
        must(hublet.commit(hublet.owner(), other, QStringLiteral("main"), {{"a.txt", "text\n"}}));
        must(hublet->packages().remove(hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert));
        for (int round = 0; round < 4; ++round) {
            hublet.clock().advance(keepDays * DayMs + 1);
            sweep(hublet);
        }
        QVERIFY(!findStored(hublet, someBytes(2'000'000)));
        QCOMPARE(hublet.files(hublet.owner(), other, QStringLiteral("main")).at("a.txt"),
                 QByteArray("text\n"));
    }

    void backsUpAndRestores()
    {
        ServiceFixture hublet;
        fill(hublet, m_bert);
        const Principal writer = hublet.user(QStringLiteral("writer"), {Action::Read, Action::Write});
        must(hublet.commit(writer, m_bert, QStringLiteral("v1"), {{"r.txt", "release\n"}}));
        const QString bundle = hublet.file(QStringLiteral("hublet.bundle"));
        qint64 lastDone = 0;
        qint64 lastTotal = 0;
        const auto progress = [&](qint64 done, qint64 total) {
            lastDone = done;
            lastTotal = total;
        };
        QVERIFY(hublet->maintenance().backup(hublet.adminPermit(), bundle, progress, {}));
        QVERIFY(lastDone > 2'000'000 && lastDone == lastTotal);
        QCOMPARE(QFileInfo(bundle).permissions() & (QFile::ReadGroup | QFile::ReadOther), 0);
        QCOMPARE(errorName(hublet->maintenance().backup(hublet.adminPermit(), bundle, {}, {})),
                 QStringLiteral("AlreadyExists"));
        const auto before = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        QCOMPARE(errorName(Maintenance::restore(bundle, hublet.dataFolder(), {}, {})),
                 QStringLiteral("Conflict"));

        const QString restored = hublet.file(QStringLiteral("deeper/restored"));
        const auto done = Maintenance::restore(bundle, restored, {}, {});
        QVERIFY2(done, qPrintable(errorName(done)));
        QCOMPARE(QFileInfo(restored).permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::ExeOther),
                 0);
        hublet.close();
        QVERIFY(QDir().rename(hublet.dataFolder(), hublet.file(QStringLiteral("former"))));
        QVERIFY(QDir().rename(restored, hublet.dataFolder()));
        hublet.reopen();
        QVERIFY(!hublet->firstRun());
        QVERIFY(hublet.files(hublet.owner(), m_bert, QStringLiteral("main")) == before);
        QCOMPARE(hublet.files(writer, m_bert, QStringLiteral("v1")).at("r.txt"), QByteArray("release\n"));
        QVERIFY(must(verify(hublet)).damaged.empty());
        QVERIFY(hublet.commit(hublet.owner(), m_bert, QStringLiteral("main"), {{"later", "x"}}));
    }

    void restoreRefusesDamage_data()
    {
        QTest::addColumn<double>("place"); // of a flipped byte, as a part of the bundle
        QTest::newRow("head") << 0.02; // not in the frame's header: another window size there harms nothing
        QTest::newRow("middle") << 0.5;
        QTest::newRow("late") << 0.95;
    }
    void restoreRefusesDamage()
    {
        QFETCH(double, place);
        ServiceFixture hublet;
        fill(hublet, m_bert);
        const QString bundle = hublet.file(QStringLiteral("hublet.bundle"));
        must(hublet->maintenance().backup(hublet.adminPermit(), bundle, {}, {}));
        flipByte(bundle, qint64(double(QFileInfo(bundle).size()) * place));
        const QString restored = hublet.file(QStringLiteral("restored"));
        QCOMPARE(errorName(Maintenance::restore(bundle, restored, {}, {})), QStringLiteral("Corrupt"));
        QCOMPARE(QDir(hublet.file(QString())).entryList({QStringLiteral("restored*")}, QDir::AllEntries),
                 QStringList());
    }

    void restoreRemovesWhatKilledOnesLeft()
    {
        ServiceFixture hublet;
        fill(hublet, m_bert);
        const QString bundle = hublet.file(QStringLiteral("hublet.bundle"));
        must(hublet->maintenance().backup(hublet.adminPermit(), bundle, {}, {}));
        const QString restored = hublet.file(QStringLiteral("restored"));
        const auto left = [&](const QString& name) {
            const QString folder = restored + name;
            if (!QDir().mkpath(folder + QStringLiteral("/store/blobs")))
                qFatal("no folder can be made");
            return folder;
        };
        const QString killed = left(QStringLiteral(".restoring-AbCdEf"));
        const QString running = left(QStringLiteral(".restoring-GhIjKl"));
        const QString used = left(QStringLiteral(".restoring-MnOpQr"));
        const QString other = left(QStringLiteral(".restoring-notes"));
        QFile key(used + QStringLiteral("/signing.key"));
        QVERIFY(key.open(QIODevice::WriteOnly));
        const UniqueFd lock(
            ::open(QFile::encodeName(running).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        QCOMPARE(::flock(lock.get(), LOCK_EX), 0);
        must(Maintenance::restore(bundle, restored, {}, {}));
        QVERIFY(!QFile::exists(killed));
        QVERIFY(QFile::exists(running));
        QVERIFY(QFile::exists(used));
        QVERIFY(QFile::exists(other));
    }

    void backupNamesDamage_data()
    {
        QTest::addColumn<bool>("xet");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("known"); // before the backup
        for (const bool xet : {false, true}) {
            for (const bool known : {false, true}) {
                const char* form = xet ? "segments" : "whole";
                const char* when = known ? "known" : "new";
                QTest::addRow("large, %s, %s", form, when) << xet << someBytes(2'000'000, 5) << known;
                QTest::addRow("small, %s, %s", form, when) << xet << someBytes(3000, 5) << known;
            }
        }
    }
    void backupNamesDamage()
    {
        QFETCH(bool, xet);
        QFETCH(QByteArray, bytes);
        QFETCH(bool, known);
        ServiceFixture hublet;
        hublet.setXet(xet);
        fill(hublet, m_bert);
        const auto before = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        const PackageId hurt = model(QStringLiteral("acme/hurt"));
        (void)hublet.createPackage(hublet.owner(), hurt);
        must(hublet.commit(hublet.owner(), hurt, QStringLiteral("main"), {{"h.bin", bytes}}));
        const auto place = findStored(hublet, bytes);
        QVERIFY(place);
        flipByte(place->file, place->position);
        if (known)
            QCOMPARE(must(verify(hublet)).damaged.size(), 1U);
        const QString bundle = hublet.file(QStringLiteral("hublet.bundle"));
        const auto damaged = hublet->maintenance().backup(hublet.adminPermit(), bundle, {}, {});
        QVERIFY2(damaged, qPrintable(errorName(damaged)));
        QCOMPARE(damaged->size(), 1U);
        QCOMPARE(damaged->front().content.sha256, Sha256Hasher::hash(bytes));
        QCOMPARE(damaged->front().files,
                 QStringList{QStringLiteral("hf-local: models/acme/hurt@main: h.bin")});

        const QString restored = hublet.file(QStringLiteral("restored"));
        const auto done = Maintenance::restore(bundle, restored, {}, {});
        QVERIFY2(done, qPrintable(errorName(done)));
        QCOMPARE(*done, 1);
        hublet.close();
        QVERIFY(QDir().rename(hublet.dataFolder(), hublet.file(QStringLiteral("former"))));
        QVERIFY(QDir().rename(restored, hublet.dataFolder()));
        hublet.reopen();
        QVERIFY(hublet.files(hublet.owner(), m_bert, QStringLiteral("main")) == before);
        const auto reading = hublet.permit(hublet.owner(), Action::Read, hurt);
        const auto answer = must(hublet->browse().file(reading, hurt, {"main", "h.bin"}, nullptr));
        QCOMPARE(errorName(hublet->browse().content(answer->entry)), QStringLiteral("Corrupt"));
        must(hublet.commit(hublet.owner(), hurt, QStringLiteral("main"), {{"again.bin", bytes}}));
        QCOMPARE(hublet.files(hublet.owner(), hurt, QStringLiteral("main")).at("h.bin"), bytes);
        QVERIFY(must(verify(hublet)).damaged.empty());
    }

    void foundDamageIsNotOfferedFromMemory()
    {
        ServiceFixture hublet;
        hublet.setXet(true);
        fill(hublet, m_bert);
        const auto reading = hublet.permit(hublet.owner(), Action::Read, m_bert);
        const auto xetHash = [&] {
            return must(hublet->browse().file(reading, m_bert, {"main", "large.bin"}, nullptr))->xetHash;
        };
        QVERIFY(xetHash());
        const auto place = findStored(hublet, someBytes(2'000'000));
        QVERIFY(place);
        flipByte(place->file, place->position);
        QCOMPARE(must(verify(hublet)).damaged.size(), 1U);
        QVERIFY(!hublet->browse().cachedFile(reading, m_bert, {"main", "large.bin"}));
        QVERIFY(!xetHash());
    }

    void scrubbedDamageIsNotOfferedFromMemory()
    {
        ServiceFixture hublet;
        hublet.setXet(true);
        fill(hublet, m_bert);
        const auto reading = hublet.permit(hublet.owner(), Action::Read, m_bert);
        const QList<QByteArray> segments{"main", "large.bin"};
        QVERIFY(must(hublet->browse().file(reading, m_bert, segments, nullptr))->xetHash);
        const auto place = findStored(hublet, someBytes(2'000'000));
        QVERIFY(place);
        flipByte(place->file, place->position);
        hublet.clock().advance(DayMs);
        must(hublet->maintenance().scrubInBackground(100'000'000, CancelToken()));
        QVERIFY(!must(hublet->browse().file(reading, m_bert, segments, nullptr))->xetHash);
    }

    void backupKeepsWhatIsConvertedMeanwhile()
    {
        ServiceFixture hublet;
        hublet.setXet(false);
        fill(hublet, m_bert);
        const auto before = hublet.files(hublet.owner(), m_bert, QStringLiteral("main"));
        const QString bundle = hublet.file(QStringLiteral("hublet.bundle"));
        bool converted = false;
        const auto meanwhile = [&](qint64, qint64) { // the database is copied, no stored file yet
            if (std::exchange(converted, true))
                return;
            hublet.setXet(true);
            QTRY_COMPARE(must(hublet->repositories().inOtherForm(hublet.repository(), true)).contents, 0);
        };
        const auto done = hublet->maintenance().backup(hublet.adminPermit(), bundle, meanwhile, {});
        QVERIFY2(done, qPrintable(errorName(done)));
        QVERIFY(converted);
        const QString restored = hublet.file(QStringLiteral("restored"));
        const auto back = Maintenance::restore(bundle, restored, {}, {});
        QVERIFY2(back, qPrintable(errorName(back)));
        // What was kept for the backup goes with the next sweep.
        QVERIFY(QDirIterator(hublet.dataFolder() + QStringLiteral("/store/blobs"), QDir::Files,
                             QDirIterator::Subdirectories)
                    .hasNext());
        QVERIFY(sweep(hublet).staging > 0);
        QVERIFY(!QDirIterator(hublet.dataFolder() + QStringLiteral("/store/blobs"), QDir::Files,
                              QDirIterator::Subdirectories)
                     .hasNext());
        QVERIFY(hublet.files(hublet.owner(), m_bert, QStringLiteral("main")) == before);
    }

    void backupNamesAMissingFile()
    {
        ServiceFixture hublet;
        fill(hublet, m_bert);
        const auto place = findStored(hublet, someBytes(2'000'000));
        QVERIFY(place && QFile::remove(place->file));
        const QString bundle = hublet.file(QStringLiteral("hublet.bundle"));
        const auto done = hublet->maintenance().backup(hublet.adminPermit(), bundle, {}, {});
        QCOMPARE(errorName(done), QStringLiteral("Corrupt"));
        QVERIFY2(done.error().detail().contains(QFileInfo(place->file).fileName()) &&
                     done.error().detail().contains(QStringLiteral("hubletd verify")),
                 qPrintable(done.error().detail()));
        QVERIFY(!QFile::exists(bundle));
    }

    void cancelsLongWork()
    {
        ServiceFixture hublet;
        fill(hublet, m_bert);
        const CancelToken cancel;
        cancel.cancel();
        const QString bundle = hublet.file(QStringLiteral("hublet.bundle"));
        QCOMPARE(errorName(hublet->maintenance().backup(hublet.adminPermit(), bundle, {}, cancel)),
                 QStringLiteral("Cancelled"));
        QCOMPARE(QDir(hublet.file(QString())).entryList({QStringLiteral("hublet.bundle*")}), QStringList());
        QCOMPARE(errorName(hublet->maintenance().verify(hublet.adminPermit(), {}, cancel)),
                 QStringLiteral("Cancelled"));
        must(hublet->maintenance().backup(hublet.adminPermit(), bundle, {}, {}));
        const QString restored = hublet.file(QStringLiteral("restored"));
        QCOMPARE(errorName(Maintenance::restore(bundle, restored, {}, cancel)), QStringLiteral("Cancelled"));
        QVERIFY(!QFile::exists(restored));
    }

    void oneAtATime()
    {
        ServiceFixture hublet;
        fill(hublet, m_bert);
        QString second;
        const auto meanwhile = [&](qint64, qint64) {
            if (second.isEmpty())
                second = errorName(hublet->maintenance().sweep(hublet.adminPermit(), true, {}, {}));
        };
        QVERIFY(hublet->maintenance().backup(hublet.adminPermit(), hublet.file(QStringLiteral("b")),
                                             meanwhile, {}));
        QCOMPARE(second, QStringLiteral("Busy"));
        QVERIFY(hublet->maintenance().sweep(hublet.adminPermit(), true, {}, {}));
    }
};

QTEST_GUILESS_MAIN(TestMaintenance)
#include "tst_maintenance.moc"
