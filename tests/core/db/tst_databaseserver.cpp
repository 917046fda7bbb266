// SPDX-License-Identifier: Apache-2.0
#include "core/db/database.h"
#include "tests/support/temporarypostgres.h"

#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace hublet;
using namespace hublet::db;

/// What only a database server can do to Hublet: be shared, and go away.
class TestDatabaseServer : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void secondHubletIsRefused();
    void writesAgainAfterTheServerHungUp();

private:
    [[nodiscard]] DatabaseOptions freshOptions() const;

    QTemporaryDir m_folder;
    std::unique_ptr<test::TemporaryPostgres> m_postgres;
};

void TestDatabaseServer::initTestCase()
{
    QString noPostgres;
    m_postgres = test::TemporaryPostgres::start(&noPostgres);
    if (!m_postgres)
        QSKIP(qPrintable(noPostgres));
    QFile schema(m_folder.filePath(QStringLiteral("0001_test.sql")));
    QVERIFY(schema.open(QIODevice::WriteOnly));
    schema.write("CREATE TABLE item (id {id}, name TEXT NOT NULL);\n");
}

DatabaseOptions TestDatabaseServer::freshOptions() const
{
    DatabaseOptions options;
    options.migrations = m_folder.path();
    options.driver = QStringLiteral("QPSQL");
    options.connection = m_postgres->newDatabase();
    return options;
}

void TestDatabaseServer::secondHubletIsRefused()
{
    const DatabaseOptions options = freshOptions();
    auto first = Database::open(options, false);
    QVERIFY(first);
    QCOMPARE(Database::open(options, false).error().code(), ErrorCode::Busy);
    first->reset();
    QVERIFY(Database::open(options, false));
}

/// A server that was restarted has closed every connection and given up every lock.
void TestDatabaseServer::writesAgainAfterTheServerHungUp()
{
    const DatabaseOptions options = freshOptions();
    auto database = Database::open(options, false);
    QVERIFY(database);
    const auto write = [&](const char* name) {
        return (*database)->write([&](Transaction& transaction) {
            return transaction.query(u"INSERT INTO item (name) VALUES (?)").run(QString::fromLatin1(name));
        });
    };
    QVERIFY(write("before"));
    {
        auto other = QSqlDatabase::addDatabase(QStringLiteral("QPSQL"), QStringLiteral("terminator"));
        other.setConnectOptions(options.connection);
        QVERIFY(other.open());
        QSqlQuery query(other);
        QVERIFY(query.exec(QStringLiteral("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE "
                                          "datname = current_database() AND pid <> pg_backend_pid()")));
    }
    QSqlDatabase::removeDatabase(QStringLiteral("terminator"));
    const auto lost = write("lost");
    QVERIFY(!lost);
    QCOMPARE(lost.error().code(), ErrorCode::Unavailable);
    const auto after = write("after");
    QVERIFY2(after, after ? "" : qPrintable(after.error().describe()));
    QCOMPARE(Database::open(options, false).error().code(), ErrorCode::Busy); // the lock is held again
}

QTEST_GUILESS_MAIN(TestDatabaseServer)
#include "tst_databaseserver.moc"
