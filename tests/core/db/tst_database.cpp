// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/db/connection.h"
#include "core/db/database.h"
#include "tests/support/temporarypostgres.h"

#include <QFile>
#include <QSqlDatabase>
#include <QTemporaryDir>
#include <QTest>
#include <QVariant>

#include <atomic>
#include <thread>

using namespace hublet;
using namespace hublet::db;

/// Every test runs on SQLite, and on PostgreSQL where a server can be started.
class TestDatabase : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void valuesComeBack_data() { addDrivers(); }
    void valuesComeBack();
    void errorRollsBack_data() { addDrivers(); }
    void errorRollsBack();
    void failedStatementSpoilsTheTransaction_data() { addDrivers(); }
    void failedStatementSpoilsTheTransaction();
    void constraintsHaveTheirCodes_data() { addDrivers(); }
    void constraintsHaveTheirCodes();
    void readsSeeOneSnapshot_data() { addDrivers(); }
    void readsSeeOneSnapshot();
    void readsCannotWrite_data() { addDrivers(); }
    void readsCannotWrite();
    void readsDoNotNest_data() { addDrivers(); }
    void readsDoNotNest();
    void manyThreads_data() { addDrivers(); }
    void manyThreads();
    void statementsEndWithTheirQuery();
    void connectionsHaveTheirSettings();
    void logIsCutBackWhenTheDatabaseCloses();
    void damageIsFound();
    void copyIsComplete();
    void opensAndClosesManyTimes();
    void readIsCheap();

private:
    void addDrivers();
    [[nodiscard]] std::unique_ptr<Database> openFresh();
    [[nodiscard]] DatabaseOptions sqliteOptions() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<test::TemporaryPostgres> m_postgres;
    QString m_noPostgres;
    int m_files = 0;
};

namespace {

Result<qint64> count(Transaction& transaction)
{
    Query query = transaction.query(u"SELECT count(*) FROM item");
    if (const auto run = query.run(); !run)
        return forward(run);
    return query.next() ? query.integer(0) : -1;
}

Result<qint64> add(Transaction& transaction, const QString& name)
{
    return transaction.insert(u"INSERT INTO item (name) VALUES (?) RETURNING id", name);
}

} // namespace

void TestDatabase::initTestCase()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QFile schema(m_folder->filePath(QStringLiteral("0001_test.sql")));
    QVERIFY(schema.open(QIODevice::WriteOnly));
    schema.write(
        "CREATE TABLE item (id {id}, name TEXT NOT NULL UNIQUE, hash {bytes}, note TEXT, amount BIGINT);\n"
        "CREATE TABLE part (id {id}, item BIGINT NOT NULL REFERENCES item (id));\n");
    m_postgres = test::TemporaryPostgres::start(&m_noPostgres);
}

void TestDatabase::addDrivers()
{
    QTest::addColumn<QString>("driver");
    QTest::newRow("SQLite") << QStringLiteral("QSQLITE");
    QTest::newRow("PostgreSQL") << QStringLiteral("QPSQL");
}

DatabaseOptions TestDatabase::sqliteOptions() const
{
    DatabaseOptions options;
    options.migrations = m_folder->path();
    options.file = m_folder->filePath(QStringLiteral("%1.sqlite").arg(m_files));
    return options;
}

std::unique_ptr<Database> TestDatabase::openFresh()
{
    ++m_files;
    DatabaseOptions options = sqliteOptions();
    const auto* driver = static_cast<const QString*>(QTest::qData("driver", qMetaTypeId<QString>()));
    options.driver = *driver;
    if (options.driver == u"QPSQL")
        options.connection = m_postgres->newDatabase();
    auto database = Database::open(options, false);
    if (!database)
        qWarning("%s", qPrintable(database.error().describe()));
    return database ? std::move(*database) : nullptr;
}

#define OPEN_FRESH_DATABASE()                                                                                \
    QFETCH(QString, driver);                                                                                 \
    if (driver == u"QPSQL" && !m_postgres)                                                                   \
        QSKIP(qPrintable(m_noPostgres));                                                                     \
    const auto database = openFresh();                                                                       \
    QVERIFY(database)

void TestDatabase::valuesComeBack()
{
    OPEN_FRESH_DATABASE();
    const Sha256 hash = Sha256Hasher::hash("abc");
    const QString text = QStringLiteral("na\u00efve \u65e5\u672c \U0001F917 '?' \\ \"");
    const auto id = database->write([&](Transaction& transaction) {
        return transaction.insert(
            u"INSERT INTO item (name, hash, note, amount) VALUES (?, ?, ?, ?) RETURNING id", text, hash,
            std::optional<QString>(), std::numeric_limits<qint64>::min());
    });
    QVERIFY2(id, qPrintable(id ? QString() : id.error().describe()));
    const auto second = database->write([&](Transaction& transaction) {
        return transaction.insert(
            u"INSERT INTO item (name, hash, note, amount) VALUES (?, ?, ?, ?) RETURNING id", QString(),
            QByteArray(), QString(), true);
    });
    QVERIFY2(second, qPrintable(second ? QString() : second.error().describe()));
    QVERIFY(*second > *id);

    const auto checked = database->read([&](Transaction& transaction) -> Result<void> {
        Query query = transaction.query(u"SELECT name, hash, note, amount FROM item WHERE id = ?");
        if (const auto run = query.run(*id); !run)
            return run;
        [&] {
            QVERIFY(query.next());
            QCOMPARE(query.text(0), text);
            QCOMPARE(query.digest<Sha256>(1), hash);
            QVERIFY(query.digest<GitOid>(1).isNull()); // wrong length
            QVERIFY(query.isNull(2));
            QCOMPARE(query.integer(3), std::numeric_limits<qint64>::min());
            QVERIFY(!query.next());
        }();
        Query empty = transaction.query(u"SELECT name, hash, note, amount FROM item WHERE id = ?");
        if (const auto run = empty.run(*second); !run)
            return run;
        [&] {
            QVERIFY(empty.next());
            QVERIFY(!empty.isNull(0) && !empty.isNull(1) && !empty.isNull(2));
            QCOMPARE(empty.text(0), QString());
            QCOMPARE(empty.bytes(1), QByteArray());
            QVERIFY(empty.flag(3));
        }();
        return {};
    });
    QVERIFY(checked);
}

void TestDatabase::errorRollsBack()
{
    OPEN_FRESH_DATABASE();
    const auto refused = database->write([](Transaction& transaction) -> Result<void> {
        if (const auto id = add(transaction, QStringLiteral("a")); !id)
            return forward(id);
        return fail(ErrorCode::ParentMoved, QStringLiteral("no"));
    });
    QCOMPARE(refused.error().code(), ErrorCode::ParentMoved);
    QCOMPARE(database->read(count).value(), 0);
    QVERIFY(database->write([](Transaction& transaction) { return add(transaction, QStringLiteral("a")); }));
    QCOMPARE(database->read(count).value(), 1);
}

void TestDatabase::failedStatementSpoilsTheTransaction()
{
    OPEN_FRESH_DATABASE();
    const auto ignored = database->write([](Transaction& transaction) -> Result<void> {
        (void)add(transaction, QStringLiteral("a"));
        (void)add(transaction, QStringLiteral("a"));
        return {}; // went on as if nothing had happened
    });
    QCOMPARE(ignored.error().code(), ErrorCode::AlreadyExists);
    QCOMPARE(database->read(count).value(), 0);
    const auto nonsense = database->read([](Transaction& transaction) -> Result<qint64> {
        Query query = transaction.query(u"SELECT nothing FROM nowhere");
        (void)query.run();
        return query.next() ? 1 : 0;
    });
    QCOMPARE(nonsense.error().code(), ErrorCode::Database);
    QCOMPARE(database->read(count).value(), 0); // the connection works again
}

void TestDatabase::constraintsHaveTheirCodes()
{
    OPEN_FRESH_DATABASE();
    QVERIFY(database->write([](Transaction& transaction) { return add(transaction, QStringLiteral("a")); }));
    const auto twice =
        database->write([](Transaction& transaction) { return add(transaction, QStringLiteral("a")); });
    QCOMPARE(twice.error().code(), ErrorCode::AlreadyExists);
    const auto orphan = database->write([](Transaction& transaction) {
        return transaction.insert(u"INSERT INTO part (item) VALUES (?) RETURNING id", 4711);
    });
    QCOMPARE(orphan.error().code(), ErrorCode::Conflict);
    const auto nameless = database->write([](Transaction& transaction) {
        return transaction.insert(u"INSERT INTO item (note) VALUES (?) RETURNING id", QStringLiteral("x"));
    });
    QCOMPARE(nameless.error().code(), ErrorCode::Database);
    const auto tolerant = database->write([](Transaction& transaction) -> Result<qint64> {
        Query query = transaction.query(u"INSERT INTO item (name) VALUES (?) ON CONFLICT (name) DO NOTHING");
        if (const auto run = query.run(QStringLiteral("a")); !run)
            return forward(run);
        return query.rowsChanged();
    });
    QCOMPARE(tolerant.value(), 0);
}

void TestDatabase::readsSeeOneSnapshot()
{
    OPEN_FRESH_DATABASE();
    const auto counts = database->read([&](Transaction& transaction) -> Result<std::pair<qint64, qint64>> {
        const auto before = count(transaction);
        std::thread writer([&] {
            [[maybe_unused]] const auto id =
                database->write([](Transaction& inner) { return add(inner, QStringLiteral("a")); });
        });
        writer.join();
        const auto after = count(transaction);
        if (!before || !after)
            return fail(ErrorCode::Internal, QStringLiteral("count failed"));
        return std::pair(*before, *after);
    });
    QCOMPARE(counts.value(), (std::pair<qint64, qint64>(0, 0)));
    QCOMPARE(database->read(count).value(), 1);
}

void TestDatabase::readsCannotWrite()
{
    OPEN_FRESH_DATABASE();
    const auto refused =
        database->read([](Transaction& transaction) { return add(transaction, QStringLiteral("a")); });
    QCOMPARE(refused.error().code(), ErrorCode::ReadOnly);
    QCOMPARE(database->read(count).value(), 0);
}

void TestDatabase::readsDoNotNest()
{
    OPEN_FRESH_DATABASE();
    const auto outer = database->read([&](Transaction& transaction) -> Result<qint64> {
        const auto inner = database->read(count);
        [&] { QCOMPARE(inner.error().code(), ErrorCode::Internal); }();
        return count(transaction); // unharmed by the mistake
    });
    QCOMPARE(outer.value(), 0);
    QCOMPARE(database->read(count).value(), 0);
}

void TestDatabase::manyThreads()
{
    OPEN_FRESH_DATABASE();
    constexpr int Threads = 8;
    constexpr int Rounds = 50;
    std::atomic<int> failures = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < Threads; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < Rounds; ++i) {
                const QString name = QStringLiteral("%1-%2").arg(t).arg(i);
                if (!database->write([&](Transaction& transaction) { return add(transaction, name); }))
                    ++failures;
                const auto seen = database->read([&](Transaction& transaction) -> Result<bool> {
                    Query query = transaction.query(u"SELECT id FROM item WHERE name = ?");
                    if (const auto run = query.run(name); !run)
                        return forward(run);
                    return query.next();
                });
                if (!seen || !*seen)
                    ++failures;
            }
        });
    }
    for (std::thread& thread : threads)
        thread.join();
    QCOMPARE(failures.load(), 0);
    QCOMPARE(database->read(count).value(), Threads * Rounds);
    QVERIFY(database->checkIntegrity());
}

/// SQLite drops a table only when no statement that uses it is open.
void TestDatabase::statementsEndWithTheirQuery()
{
    ++m_files;
    auto database = Database::open(sqliteOptions(), false);
    QVERIFY(database);
    const auto dropped = (*database)->write([](Transaction& transaction) -> Result<void> {
        for (const char* name : {"one", "two"}) {
            if (const auto added = add(transaction, QString::fromLatin1(name)); !added)
                return forward(added);
        }
        {
            Query names = transaction.query(u"SELECT name FROM item ORDER BY name");
            if (const auto run = names.run(); !run)
                return run;
            if (!names.next())
                return fail(ErrorCode::Internal, QStringLiteral("The table is empty"));
        }
        if (const auto run = transaction.query(u"DROP TABLE part").run(); !run)
            return run;
        return transaction.query(u"DROP TABLE item").run();
    });
    QVERIFY2(dropped, qPrintable(dropped ? QString() : dropped.error().describe()));
}

void TestDatabase::connectionsHaveTheirSettings()
{
    ++m_files;
    const DatabaseOptions options = sqliteOptions();
    QVERIFY(Database::open(options, false));
    const auto setting = [](Connection& connection, const QString& name) {
        QVariant value;
        const auto run = connection.runOnce(QStringLiteral("PRAGMA ") + name, &value);
        return run ? value.toString() : run.error().describe();
    };
    const auto writer = Connection::open(options, Connection::Role::Writer);
    QVERIFY(writer);
    QCOMPARE(setting(**writer, QStringLiteral("journal_mode")), QStringLiteral("wal"));
    QCOMPARE(setting(**writer, QStringLiteral("synchronous")), QStringLiteral("2"));
    QCOMPARE(setting(**writer, QStringLiteral("foreign_keys")), QStringLiteral("1"));
    QCOMPARE(setting(**writer, QStringLiteral("trusted_schema")), QStringLiteral("0"));
    QCOMPARE(setting(**writer, QStringLiteral("cell_size_check")), QStringLiteral("1"));
    QCOMPARE(setting(**writer, QStringLiteral("journal_size_limit")), QString::number(64 << 20));
    QCOMPARE(setting(**writer, QStringLiteral("busy_timeout")), QStringLiteral("5000"));
    const auto reader = Connection::open(options, Connection::Role::Reader);
    QVERIFY(reader);
    QCOMPARE(setting(**reader, QStringLiteral("wal_autocheckpoint")), QStringLiteral("0"));
    QCOMPARE(setting(**reader, QStringLiteral("trusted_schema")), QStringLiteral("0"));
    QCOMPARE((*reader)->runOnce(QStringLiteral("DELETE FROM item")).error().code(), ErrorCode::ReadOnly);
}

void TestDatabase::logIsCutBackWhenTheDatabaseCloses()
{
    ++m_files;
    const DatabaseOptions options = sqliteOptions();
    auto database = Database::open(options, false);
    QVERIFY(database);
    QVERIFY(
        (*database)->write([](Transaction& transaction) { return add(transaction, QStringLiteral("a")); }));
    const QString log = options.file + QStringLiteral("-wal");
    QVERIFY(QFile(log).size() > 0);
    database->reset();
    QVERIFY(!QFile::exists(log) || QFile(log).size() == 0);
    QCOMPARE(QFile::permissions(options.file) & (QFile::ReadGroup | QFile::ReadOther), QFile::Permissions());
}

void TestDatabase::damageIsFound()
{
    ++m_files;
    const DatabaseOptions options = sqliteOptions();
    {
        const auto database = Database::open(options, false);
        QVERIFY(database);
        QVERIFY((*database)->write([](Transaction& transaction) -> Result<void> {
            for (int i = 0; i < 2000; ++i) {
                if (const auto id = add(transaction, QStringLiteral("some name %1").arg(i)); !id)
                    return forward(id);
            }
            return {};
        }));
    }
    QFile file(options.file);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.size() > 5 * 4096);
    file.seek(4 * 4096);
    file.write(QByteArray(4096, '\x5a'));
    file.close();
    const auto damaged = Database::open(options, true);
    QVERIFY(!damaged);
    QCOMPARE(damaged.error().code(), ErrorCode::Corrupt);

    QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
    file.write(QByteArray(8192, 'x'));
    file.close();
    QCOMPARE(Database::open(options, false).error().code(), ErrorCode::Corrupt);
}

void TestDatabase::copyIsComplete()
{
    ++m_files;
    const DatabaseOptions options = sqliteOptions();
    const auto database = Database::open(options, false);
    QVERIFY(database);
    QVERIFY(
        (*database)->write([](Transaction& transaction) { return add(transaction, QStringLiteral("a")); }));
    DatabaseOptions copy = options;
    copy.file = m_folder->filePath(QStringLiteral("it's a copy.sqlite"));
    const auto copied = (*database)->copyTo(copy.file);
    QVERIFY2(copied, qPrintable(copied ? QString() : copied.error().describe()));
    QCOMPARE((*database)->copyTo(copy.file).error().code(), ErrorCode::AlreadyExists);
    const auto opened = Database::open(copy, false);
    QVERIFY(opened);
    QCOMPARE((*opened)->read(count).value(), 1);
}

void TestDatabase::opensAndClosesManyTimes()
{
    ++m_files;
    const DatabaseOptions options = sqliteOptions();
    for (int i = 0; i < 100; ++i) {
        const auto database = Database::open(options, false);
        QVERIFY(database);
        QCOMPARE((*database)->read(count).value(), i);
        std::thread other([&] { QCOMPARE((*database)->read(count).value(), i); });
        other.join();
        QVERIFY((*database)->write(
            [&](Transaction& transaction) { return add(transaction, QString::number(i)); }));
    }
    // This thread's last connection may linger, those of the others may not.
    QVERIFY(QSqlDatabase::connectionNames().size() <= 3);
}

void TestDatabase::readIsCheap()
{
    ++m_files; // a benchmark runs the function many times
    const DatabaseOptions options = sqliteOptions();
    const auto database = Database::open(options, false);
    QVERIFY(database);
    QVERIFY((*database)->write([](Transaction& transaction) -> Result<void> {
        for (int i = 0; i < 10'000; ++i) {
            if (const auto id = add(transaction, QString::number(i)); !id)
                return forward(id);
        }
        return {};
    }));
    QBENCHMARK
    {
        const auto id = (*database)->read([](Transaction& transaction) -> Result<qint64> {
            Query query = transaction.query(u"SELECT id FROM item WHERE name = ?");
            if (const auto run = query.run(QStringLiteral("7777")); !run)
                return forward(run);
            return query.next() ? query.integer(0) : 0;
        });
        QVERIFY(id && *id == 7778);
    }
}

QTEST_GUILESS_MAIN(TestDatabase)
#include "tst_database.moc"
