// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace hublet::test {

/// A PostgreSQL server of our own in a temporary folder, on a Unix socket only, gone with the object. Needs
/// the distribution's PostgreSQL server programs; as root they run as user postgres.
class TemporaryPostgres {
public:
    /// Nothing when the server programs are not installed or do not start; `reason` says which.
    [[nodiscard]] static std::unique_ptr<TemporaryPostgres> start(QString* reason);
    ~TemporaryPostgres();

    /// libpq connection string of a new, empty database.
    [[nodiscard]] QString newDatabase();

private:
    TemporaryPostgres() = default;
    QTemporaryDir m_folder{
        QStringLiteral("/tmp/hublet-pg-XXXXXX")}; ///< short: socket paths are limited to 107 bytes
    QString m_programs;
    int m_databases = 0;
};

} // namespace hublet::test
