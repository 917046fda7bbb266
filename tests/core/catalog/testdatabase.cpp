// SPDX-License-Identifier: Apache-2.0
#include "tests/core/catalog/testdatabase.h"

#include "tests/support/temporarypostgres.h"

namespace hublet::test {

namespace {

/// One server for all databases of a test program; null when there is none.
TemporaryPostgres* sharedPostgres()
{
    static const std::unique_ptr<TemporaryPostgres> server = [] {
        QString reason;
        auto started = TemporaryPostgres::start(&reason);
        if (!started)
            qWarning("Tested on SQLite instead of PostgreSQL: %s", qPrintable(reason));
        return started;
    }();
    return server.get();
}

} // namespace

TestDatabase::TestDatabase()
{
    db::DatabaseOptions options;
    TemporaryPostgres* const postgres =
        qEnvironmentVariableIsSet("HUBLET_TEST_POSTGRES") ? sharedPostgres() : nullptr;
    if (postgres) {
        options.driver = QStringLiteral("QPSQL");
        options.connection = postgres->newDatabase();
    } else {
        options.file = path(QStringLiteral("catalog.sqlite"));
    }
    auto opened = db::Database::open(options, false);
    if (!opened)
        qFatal("%s", qPrintable(opened.error().describe()));
    m_database = std::move(*opened);
}

} // namespace hublet::test
