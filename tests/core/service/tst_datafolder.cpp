// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/datafolder.h"

#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace hublet;
using namespace hublet::service;

class TestDataFolder : public QObject {
    Q_OBJECT

    static void setMode(const QString& path, mode_t mode)
    {
        QCOMPARE(::chmod(QFile::encodeName(path).constData(), mode), 0);
    }
    static mode_t modeOf(const QString& path)
    {
        struct stat info = {};
        return ::stat(QFile::encodeName(path).constData(), &info) == 0 ? info.st_mode & 07777 : 0;
    }
    static void write(const QString& path, const QByteArray& bytes)
    {
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

private slots:
    void createsAPrivateFolder()
    {
        const QTemporaryDir parent;
        const QString path = parent.filePath(QStringLiteral("a/b"));
        const auto folder = DataFolder::open(path);
        QVERIFY(folder);
        QCOMPARE((*folder)->path(), path);
        QCOMPARE(modeOf(path), mode_t(0700));
        QCOMPARE(modeOf(path + QStringLiteral("/signing.key")), mode_t(0600));
        QCOMPARE((*folder)->signingKey().size(), 32);
        QVERIFY(!(*folder)->wasUncleanStop());
    }

    void letsOnlyOneIn()
    {
        const QTemporaryDir parent;
        const QString path = parent.filePath(QStringLiteral("data"));
        auto first = DataFolder::open(path);
        QVERIFY(first);
        const auto second = DataFolder::open(path);
        QVERIFY(!second);
        QCOMPARE(second.error().code(), ErrorCode::Busy);
        QVERIFY2(second.error().detail().contains(QString::number(::getpid())),
                 qPrintable(second.error().detail()));
        first->reset();
        QVERIFY(DataFolder::open(path));
    }

    void keepsItsKey()
    {
        const QTemporaryDir parent;
        const QString path = parent.filePath(QStringLiteral("data"));
        const QByteArray key = (*DataFolder::open(path))->signingKey();
        QCOMPARE((*DataFolder::open(path))->signingKey(), key);
        const QTemporaryDir other;
        QVERIFY((*DataFolder::open(other.filePath(QStringLiteral("data"))))->signingKey() != key);
    }

    void removesWhatABackupLeft()
    {
        const QTemporaryDir parent;
        const QString path = parent.filePath(QStringLiteral("data"));
        QVERIFY(DataFolder::open(path));
        QVERIFY(QDir(path).mkpath(QStringLiteral("backup-under-way-a1B2c3")));
        write(path + QStringLiteral("/backup-under-way-a1B2c3/hublet.db"), "secrets");
        QVERIFY(QDir(path).mkpath(QStringLiteral("backup-monday")));
        QVERIFY(DataFolder::open(path));
        QVERIFY(!QFile::exists(path + QStringLiteral("/backup-under-way-a1B2c3")));
        QVERIFY(QFile::exists(path + QStringLiteral("/backup-monday")));
    }

    void noticesAnUncleanStop_data()
    {
        QTest::addColumn<QByteArray>("lock");
        QTest::addColumn<bool>("unclean");
        QTest::newRow("stopped") << QByteArray("17 boot stopped\n") << false;
        QTest::newRow("running") << QByteArray("17 boot running\n") << true;
        QTest::newRow("cut") << QByteArray("17 bo") << true;
        QTest::newRow("empty") << QByteArray() << false;
    }
    void noticesAnUncleanStop()
    {
        QFETCH(QByteArray, lock);
        QFETCH(bool, unclean);
        const QTemporaryDir parent;
        const QString path = parent.filePath(QStringLiteral("data"));
        QVERIFY(DataFolder::open(path));
        write(path + QStringLiteral("/hublet.lock"), lock);
        {
            const auto folder = DataFolder::open(path);
            QVERIFY(folder);
            QCOMPARE((*folder)->wasUncleanStop(), unclean);
        }
        // A start that never came to its checks leaves them to the next.
        {
            const auto folder = DataFolder::open(path);
            QVERIFY(folder);
            QCOMPARE((*folder)->wasUncleanStop(), unclean);
            (*folder)->noteChecked();
        }
        QVERIFY(!(*DataFolder::open(path))->wasUncleanStop());
    }

    void refusesOpenPermissions_data()
    {
        QTest::addColumn<int>("mode");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("group may write") << 0770 << false;
        QTest::newRow("all may write") << 0707 << false;
        QTest::newRow("all may write, sticky") << 01777 << false;
        QTest::newRow("others may read") << 0755 << true;
        QTest::newRow("private") << 0700 << true;
    }
    void refusesOpenPermissions()
    {
        QFETCH(int, mode);
        QFETCH(bool, accepted);
        const QTemporaryDir parent;
        setMode(parent.path(), mode_t(mode));
        const auto folder = DataFolder::open(parent.path());
        QCOMPARE(folder.has_value(), accepted);
        if (accepted)
            QCOMPARE(modeOf(parent.path()), mode_t(0700));
        else
            QCOMPARE(folder.error().code(), ErrorCode::Forbidden);
    }

    void leavesFoldersOfOthersAlone_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("isOther");
        QTest::newRow("any file") << QStringLiteral("thesis.odt") << true;
        QTest::newRow("hidden file") << QStringLiteral(".profile") << true;
        QTest::newRow("a start cut short") << QStringLiteral("hublet.lock") << false;
        QTest::newRow("a start cut shorter") << QStringLiteral("signing.key.new") << false;
        QTest::newRow("settings for the first start") << QStringLiteral("settings.json") << false;
        QTest::newRow("of the file system") << QStringLiteral("lost+found") << false;
        QTest::newRow("restored") << QStringLiteral("hublet.db") << false;
    }
    void leavesFoldersOfOthersAlone()
    {
        QFETCH(QString, name);
        QFETCH(bool, isOther);
        const QTemporaryDir folder;
        write(folder.filePath(name), {});
        setMode(folder.path(), 0755);
        const auto opened = DataFolder::open(folder.path());
        QCOMPARE(opened.has_value(), !isOther);
        if (!isOther)
            return;
        QCOMPARE(opened.error().code(), ErrorCode::Conflict);
        QVERIFY2(opened.error().detail().contains(folder.path()), qPrintable(opened.error().detail()));
        QCOMPARE(modeOf(folder.path()), mode_t(0755));
        QCOMPARE(QDir(folder.path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
                 QStringList{name});
    }

    void refusesFoldersOutOfReach()
    {
        const QTemporaryDir parent;
        const QString path = parent.filePath(QStringLiteral("data"));
        QVERIFY(DataFolder::check(path));
        QVERIFY(DataFolder::open(path));
        QVERIFY(DataFolder::check(path));
        if (::geteuid() == 0) { // nothing is closed to root
            constexpr uid_t Nobody = 65534;
            QCOMPARE(::chown(QFile::encodeName(path).constData(), Nobody, gid_t(-1)), 0);
            QVERIFY(DataFolder::check(path).error().detail().contains(u"another user"));
        } else {
            setMode(path, 0600);
        }
        QCOMPARE(DataFolder::check(path).error().code(), ErrorCode::Forbidden);
        QCOMPARE(DataFolder::open(path).error().code(), ErrorCode::Forbidden);
        setMode(path, 0700);
        if (::geteuid() == 0)
            return;
        setMode(parent.path(), 0600);
        QCOMPARE(DataFolder::check(path).error().code(), ErrorCode::Forbidden);
        setMode(parent.path(), 0700);
    }

    void saysThatANameIsTooLong()
    {
        const QTemporaryDir parent;
        const auto longPath = [&](qsizetype bytes) {
            QString path = parent.filePath(QString(200, u'a')) + u'/' + QString(200, u'b') + u'/';
            return path + QString(bytes - path.size(), u'c');
        };
        const auto refused = DataFolder::open(longPath(471));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code(), ErrorCode::InvalidArgument);
        QVERIFY2(refused.error().detail().contains(u"471 bytes"), qPrintable(refused.error().detail()));
        QVERIFY(DataFolder::open(longPath(470)));
    }

    void refusesADoubtfulKey()
    {
        const QTemporaryDir parent;
        const QString path = parent.filePath(QStringLiteral("data"));
        QVERIFY(DataFolder::open(path));
        const QString key = path + QStringLiteral("/signing.key");
        setMode(key, 0644);
        QCOMPARE(DataFolder::open(path).error().code(), ErrorCode::Forbidden);
        setMode(key, 0600);
        write(key, "short");
        QCOMPARE(DataFolder::open(path).error().code(), ErrorCode::Corrupt);
    }

    void namesTheControlSocket()
    {
        const QTemporaryDir runtime;
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime.path()));
        const QString one = DataFolder::controlSocket(QStringLiteral("/somewhere/data"));
        QVERIFY(one.startsWith(runtime.path()));
        QCOMPARE(DataFolder::controlSocket(QStringLiteral("/somewhere/else/../data/")), one);
        QVERIFY(DataFolder::controlSocket(QStringLiteral("/somewhere/other")) != one);
        qunsetenv("XDG_RUNTIME_DIR");
        QVERIFY(DataFolder::controlSocket(QStringLiteral("/somewhere/data"))
                    .startsWith(QStringLiteral("/somewhere/data/")));
        // A socket's name is limited to 107 bytes.
        const QString deep = DataFolder::controlSocket(u'/' + QString(115, u'x'));
        QVERIFY2(deep.size() <= 90, qPrintable(deep));
        QVERIFY(deep != DataFolder::controlSocket(u'/' + QString(115, u'y')));
    }

    void tellsOthersItsControlSocket()
    {
        const QTemporaryDir parent;
        const QTemporaryDir runtime;
        qputenv("XDG_RUNTIME_DIR", QFile::encodeName(runtime.path()));
        const QString path = parent.filePath(QStringLiteral("data"));
        QVERIFY(!DataFolder::holdsData(path));
        const auto folder = DataFolder::open(path);
        QVERIFY(folder);
        QVERIFY(DataFolder::holdsData(path));
        const QString socket = DataFolder::controlSocket(path);
        const QString link = parent.filePath(QStringLiteral("link"));
        QVERIFY(QFile::link(path, link));
        QCOMPARE(DataFolder::controlSocket(link), socket);
        qunsetenv("XDG_RUNTIME_DIR");
        QVERIFY(DataFolder::controlSocket(path) != socket);
        QCOMPARE(DataFolder::controlSocketInUse(path), socket);
        QCOMPARE(DataFolder::controlSocketInUse(link), socket);
    }
};

QTEST_GUILESS_MAIN(TestDataFolder)
#include "tst_datafolder.moc"
