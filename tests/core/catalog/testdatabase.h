// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/database.h"

#include <QTemporaryDir>

#include <memory>

namespace hublet::test {

/// A fresh database with the whole schema, gone with this object: SQLite, or PostgreSQL when the environment
/// has HUBLET_TEST_POSTGRES and a server can be started.
class TestDatabase {
public:
    TestDatabase();

    [[nodiscard]] db::Database& operator*() { return *m_database; }
    [[nodiscard]] db::Database* operator->() { return m_database.get(); }
    /// Of a file beside the database.
    [[nodiscard]] QString path(const QString& name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<db::Database> m_database;
};

/// Compares a Result with success and says why when it is none. For use in test functions.
#define VERIFY_OK(expression)                                                                                \
    do {                                                                                                     \
        const auto& outcome_ = (expression);                                                                 \
        QVERIFY2(outcome_.has_value(),                                                                       \
                 qPrintable(outcome_.has_value() ? QString() : outcome_.error().describe()));                \
    } while (false)

} // namespace hublet::test
