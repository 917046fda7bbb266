// SPDX-License-Identifier: Apache-2.0
#include "core/archive/bundlereader.h"
#include "core/archive/bundlewriter.h"
#include "core/base/hasher.h"

#include <kcompressiondevice.h>
#include <ktar.h>

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>

using namespace hublet;
using namespace hublet::archive;

namespace {

template <typename T>
QString errorName(const Result<T>& result)
{
    return result ? QStringLiteral("no error") : QString::fromLatin1(errorCodeName(result.error().code()));
}

} // namespace

class TestBundle : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    int m_next = 0;

    QString newFile() { return m_folder.filePath(QStringLiteral("%1.bundle").arg(++m_next)); }

    UniqueFd openFile(const QByteArray& bytes)
    {
        const QString name = newFile();
        QFile file(name);
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("a file of the test cannot be written");
        file.close();
        return UniqueFd(::open(QFile::encodeName(name).constData(), O_RDONLY));
    }
    static void ignoreProgress(qint64) {}

    QString writeBundle(const QByteArray& blob)
    {
        const QString name = newFile();
        auto writer = *BundleWriter::create(name);
        if (!writer->addBytes(BundleEntryKind::Manifest, "{}") ||
            !writer->addFile(BundleEntryKind::Database, Sha256(), openFile("database"), 8, ignoreProgress,
                             {}) ||
            !writer->addFile(BundleEntryKind::Blob, Sha256Hasher::hash(blob), openFile(blob), blob.size(),
                             ignoreProgress, {}) ||
            !writer->finish())
            qFatal("a bundle of the test cannot be written");
        return name;
    }
    /// Reads everything; gives the contents by name, or the first error.
    static Result<QMap<QByteArray, QByteArray>> readBundle(const QString& name)
    {
        auto reader = BundleReader::open(name);
        if (!reader)
            return forward(reader);
        QMap<QByteArray, QByteArray> found;
        while (true) {
            const auto entry = (*reader)->next();
            if (!entry)
                return forward(entry);
            if (!*entry)
                return found;
            QByteArray content;
            while (true) {
                const auto bytes = (*reader)->read(1000);
                if (!bytes)
                    return forward(bytes);
                if (bytes->isEmpty())
                    break;
                content += *bytes;
            }
            found.insert((*entry)->name.text(), content);
        }
    }
    /// A compressed tar file made by hand.
    QString craft(const std::function<void(KTar&)>& fill)
    {
        const QString name = newFile();
        QFile file(name);
        KCompressionDevice zstd(&file, false, KCompressionDevice::Zstd);
        KTar tar(&zstd);
        if (!file.open(QIODevice::WriteOnly) || !zstd.open(QIODevice::WriteOnly) ||
            !tar.open(QIODevice::WriteOnly))
            qFatal("an archive of the test cannot be written");
        fill(tar);
        tar.close();
        zstd.close();
        return name;
    }

    /// With a database of its own, and an end mark as given; "%1" there stands for the digests.
    QString craftWithEnd(const QByteArray& database, const QByteArray& end)
    {
        const auto hex = [](const QByteArray& bytes) { return Sha256Hasher::hash(bytes).toHex(); };
        const QJsonObject digests{{QStringLiteral("hublet.db"), QString::fromLatin1(hex("database"))},
                                  {QStringLiteral("manifest.json"), QString::fromLatin1(hex("{}"))}};
        const QByteArray json = QJsonDocument(digests).toJson(QJsonDocument::Compact);
        return craft([&](KTar& tar) {
            tar.writeFile(QStringLiteral("manifest.json@0"), "{}");
            tar.writeFile(QStringLiteral("hublet.db@0"), database);
            tar.writeFile(QStringLiteral("end.json@0"), QByteArray(end).replace("%1", json));
        });
    }

private slots:
    void namesAreExact_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<bool>("known");
        const QByteArray hex(64, 'a');
        QTest::newRow("manifest") << QByteArray("manifest.json@0") << true;
        QTest::newRow("database part") << QByteArray("hublet.db@3") << true;
        QTest::newRow("blob") << QByteArray("blobs/" + hex + "@0") << true;
        QTest::newRow("pack") << QByteArray("packs/" + hex + "@12") << true;
        QTest::newRow("xorb") << QByteArray("xorbs/" + hex + "@0") << true;
        QTest::newRow("upper case") << QByteArray("blobs/" + hex.toUpper() + "@0") << false;
        QTest::newRow("short digest") << QByteArray("blobs/" + hex.chopped(1) + "@0") << false;
        QTest::newRow("leading zero") << QByteArray("hublet.db@03") << false;
        QTest::newRow("sign") << QByteArray("hublet.db@+3") << false;
        QTest::newRow("negative") << QByteArray("hublet.db@-1") << false;
        QTest::newRow("no part") << QByteArray("hublet.db") << false;
        QTest::newRow("other file") << QByteArray("signing.key@0") << false;
        QTest::newRow("climbs") << QByteArray("blobs/../../etc/passwd@0") << false;
        QTest::newRow("absolute") << QByteArray("/etc/passwd@0") << false;
        QTest::newRow("empty") << QByteArray() << false;
    }
    void namesAreExact()
    {
        QFETCH(QByteArray, text);
        QFETCH(bool, known);
        const auto name = BundleEntryName::parse(text);
        QCOMPARE(name.has_value(), known);
        if (known)
            QCOMPARE(name->text(), text);
    }

    void bringsEverythingBack()
    {
        QByteArray blob(3'000'000, 'x');
        for (qsizetype i = 0; i < blob.size(); ++i)
            blob[i] = char(i * i % 251);
        const auto found = readBundle(writeBundle(blob));
        QVERIFY2(found, qPrintable(errorName(found)));
        QCOMPARE(found->size(), 3);
        QCOMPARE(found->value("manifest.json@0"), QByteArray("{}"));
        QCOMPARE(found->value("hublet.db@0"), QByteArray("database"));
        QCOMPARE(found->value("blobs/" + Sha256Hasher::hash(blob).toHex() + "@0"), blob);
    }

    void comparesDigests_data()
    {
        QTest::addColumn<QByteArray>("database");
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<QString>("error");
        const QByteArray end = "{\"entries\":2,\"digests\":%1}";
        const QString none = QStringLiteral("no error");
        const QString corrupt = QStringLiteral("Corrupt");
        QTest::newRow("right") << QByteArray("database") << end << none;
        QTest::newRow("other database") << QByteArray("databasf") << end << corrupt;
        QTest::newRow("one digest is missing")
            << QByteArray("database") << QByteArray("{\"entries\":2,\"digests\":{}}") << corrupt;
        QTest::newRow("damaged name")
            << QByteArray("database") << QByteArray("{\"entries\":2,\"digestr\":%1}") << corrupt;
        QTest::newRow("early bundle") << QByteArray("databasf") << QByteArray("{\"entries\":2}") << none;
    }
    void comparesDigests()
    {
        QFETCH(QByteArray, database);
        QFETCH(QByteArray, end);
        QFETCH(QString, error);
        const QString name = craftWithEnd(database, end);
        QCOMPARE(errorName(readBundle(name)), error);
        // Also when nothing of it is read.
        auto reader = *BundleReader::open(name);
        Result<std::optional<BundleReader::Entry>> entry = reader->next();
        while (entry && *entry)
            entry = reader->next();
        QCOMPARE(errorName(entry), error);
        if (entry)
            QCOMPARE(reader->hasDigests(), end.contains("digests"));
    }

    void skipsWhatIsNotRead()
    {
        auto reader = *BundleReader::open(writeBundle(QByteArray(100'000, 'x')));
        int entries = 0;
        while (true) {
            const auto entry = reader->next();
            QVERIFY(entry);
            if (!*entry)
                break;
            ++entries;
        }
        QCOMPARE(entries, 3);
    }

    void isReadableByTar()
    {
        KTar tar(writeBundle("blob"), QStringLiteral("application/zstd"));
        QVERIFY(tar.open(QIODevice::ReadOnly));
        QVERIFY(tar.directory()->entries().contains(QStringLiteral("hublet.db@0")));
    }

    void leavesNothingWhenAbandoned()
    {
        const QString name = newFile();
        {
            auto writer = *BundleWriter::create(name);
            QVERIFY(writer->addBytes(BundleEntryKind::Manifest, "{}"));
        }
        QVERIFY(!QFile::exists(name));
        QCOMPARE(QDir(m_folder.path()).entryList({QStringLiteral("*.partial")}), QStringList());
    }

    void leavesNothingWhenTheDiskIsFull()
    {
        constexpr rlim_t RoomBytes = 1 << 20;
        QByteArray noise(qsizetype(4 * RoomBytes), Qt::Uninitialized);
        QRandomGenerator(1).fillRange(reinterpret_cast<quint32*>(noise.data()), noise.size() / 4);
        const UniqueFd source = openFile(noise);
        rlimit before{};
        QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit little{RoomBytes, before.rlim_max};
        QCOMPARE(::setrlimit(RLIMIT_FSIZE, &little), 0);
        Result<void> added;
        {
            auto writer = BundleWriter::create(newFile());
            if (writer)
                added = (*writer)->addFile(BundleEntryKind::Blob, Sha256Hasher::hash(noise), source,
                                           noise.size(), ignoreProgress, {});
        }
        ::setrlimit(RLIMIT_FSIZE, &before);
        QCOMPARE(errorName(added), QStringLiteral("Io"));
        QCOMPARE(QDir(m_folder.path()).entryList({QStringLiteral("*.partial")}), QStringList());
    }

    void neverReplaces()
    {
        const QString name = writeBundle("one");
        QCOMPARE(errorName(BundleWriter::create(name)), QStringLiteral("AlreadyExists"));
        const QString late = newFile();
        auto writer = *BundleWriter::create(late);
        QVERIFY(QFile::copy(name, late)); // somebody was quicker
        QCOMPARE(errorName(writer->finish()), QStringLiteral("AlreadyExists"));
        QVERIFY(readBundle(late));
    }

    void noticesFilesThatShrank()
    {
        auto writer = *BundleWriter::create(newFile());
        const auto added =
            writer->addFile(BundleEntryKind::Database, Sha256(), openFile("short"), 100, ignoreProgress, {});
        QCOMPARE(errorName(added), QStringLiteral("Corrupt"));
    }

    void noticesEveryCut()
    {
        const QString whole = writeBundle(QByteArray(5000, 'x'));
        QFile file(whole);
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QByteArray bytes = file.readAll();
        for (qsizetype length = 0; length < bytes.size(); length += 7) {
            const QString cut = newFile();
            QFile part(cut);
            QVERIFY(part.open(QIODevice::WriteOnly));
            part.write(bytes.first(length));
            part.close();
            QCOMPARE(errorName(readBundle(cut)), QStringLiteral("Corrupt"));
            QVERIFY(part.remove());
        }
    }

    void trustsNothing_data()
    {
        QTest::addColumn<QString>("what");
        for (const char* what :
             {"climbs", "link", "folder", "unknown", "order", "database twice", "part skipped",
              "part after short part", "no end", "wrong count", "long name"})
            QTest::newRow(what) << QString::fromLatin1(what);
    }
    void trustsNothing()
    {
        QFETCH(QString, what);
        const auto add = [](KTar& tar, const char* name, const QByteArray& bytes) {
            if (!tar.writeFile(QString::fromLatin1(name), bytes))
                qFatal("an archive of the test cannot be written");
        };
        const QString name = craft([&](KTar& tar) {
            if (what != QStringLiteral("order"))
                add(tar, "manifest.json@0", "{}");
            add(tar, "hublet.db@0", "db");
            int entries = 2;
            if (what == QStringLiteral("climbs"))
                add(tar, "../../evil", "x");
            else if (what == QStringLiteral("link"))
                tar.writeSymLink(QStringLiteral("settings.json@0"), QStringLiteral("/etc/passwd"));
            else if (what == QStringLiteral("folder"))
                tar.writeDir(QStringLiteral("blobs"));
            else if (what == QStringLiteral("unknown"))
                add(tar, "other.txt@0", "x");
            else if (what == QStringLiteral("database twice"))
                add(tar, "hublet.db@0", "db");
            else if (what == QStringLiteral("part skipped"))
                add(tar, "hublet.db@2", "db");
            else if (what == QStringLiteral("part after short part"))
                add(tar, "hublet.db@1", "db");
            else if (what == QStringLiteral("long name"))
                add(tar, ("blobs/" + QByteArray(200, 'a') + "@0").constData(), "x");
            else if (what == QStringLiteral("wrong count"))
                entries = 7;
            if (what != QStringLiteral("no end"))
                add(tar, "end.json@0", "{\"entries\":" + QByteArray::number(entries) + '}');
        });
        QCOMPARE(errorName(readBundle(name)), QStringLiteral("Corrupt"));
    }

    void acceptsWhatTheOthersWereBuiltFrom()
    {
        const QString name = craft([](KTar& tar) {
            QVERIFY(tar.writeFile(QStringLiteral("manifest.json@0"), "{}"));
            QVERIFY(tar.writeFile(QStringLiteral("hublet.db@0"), "db"));
            QVERIFY(tar.writeFile(QStringLiteral("end.json@0"), "{\"entries\":2}"));
        });
        QVERIFY(readBundle(name));
    }

    void refusesOtherFiles()
    {
        QCOMPARE(errorName(BundleReader::open(m_folder.filePath(QStringLiteral("absent")))),
                 QStringLiteral("NotFound"));
        const QString name = newFile();
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(10'000, 'x'));
        file.close();
        QCOMPARE(errorName(readBundle(name)), QStringLiteral("Corrupt"));
    }
};

QTEST_GUILESS_MAIN(TestBundle)
#include "tst_bundle.moc"
