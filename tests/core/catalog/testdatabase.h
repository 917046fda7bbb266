// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/database.h"

#include <QTemporaryDir>

namespace hublet::test {

/// A fresh SQLite database with the whole schema, gone with this object.
class TestDatabase {
public:
    TestDatabase()
    {
        db::DatabaseOptions options;
        options.file = m_folder.filePath(QStringLiteral("catalog.sqlite"));
        auto opened = db::Database::open(options, false);
        if (!opened)
            qFatal("%s", qPrintable(opened.error().describe()));
        m_database = std::move(*opened);
    }
    [[nodiscard]] db::Database& operator*() { return *m_database; }
    [[nodiscard]] db::Database* operator->() { return m_database.get(); }
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
