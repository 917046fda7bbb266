// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/db/database.h"

#include <QSqlDatabase>
#include <QSqlQuery>

#include <memory>
#include <optional>
#include <unordered_map>

namespace hublet::db {

/// One Qt SQL connection with its prepared statements. Belongs to the thread that opened it: made, used and
/// destroyed there.
class Connection {
public:
    enum class Role { Reader, Writer };
    static constexpr int BusyTimeoutMs = 5000;

    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(const DatabaseOptions& options, Role role);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    /// Error Internal when the last transaction is not over: reads and writes do not nest.
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> commit();
    void rollback();

    /// The prepared statement for `sql`. If it cannot be prepared, failure() is set.
    [[nodiscard]] QSqlQuery& statement(QStringView sql);
    /// The first error since begin(): once set, the transaction can only be rolled back.
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }
    tl::unexpected<Error> spoil(Error error);
    /// Translates an error of one of this connection's statements.
    [[nodiscard]] Error failed(const QSqlError& error);
    /// Did a sync of the database or its log ever fail on this connection?
    [[nodiscard]] bool syncFailed() const { return m_syncFailed; }

    /// Runs one statement outside the statement cache (pragmas, schema changes). `firstValue` receives the
    /// first column of the first row.
    [[nodiscard]] Result<void> runOnce(const QString& sql, QVariant* firstValue = nullptr);

    /// The server hung up or went away: only another connection can help. Noticed when a statement fails.
    [[nodiscard]] bool isLost() const { return !m_isSqlite && !m_database.isOpen(); }
    [[nodiscard]] bool isSqlite() const { return m_isSqlite; }

private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(QStringView text) const { return qHash(text); }
        std::size_t operator()(const QString& text) const { return qHash(QStringView(text)); }
    };
    struct TextEqual {
        using is_transparent = void;
        bool operator()(QStringView a, QStringView b) const { return a == b; }
    };

    Connection(QString name, bool isSqlite, Role role);
    [[nodiscard]] Result<void> setUp(const DatabaseOptions& options);

    const QString m_name;
    const bool m_isSqlite;
    const Role m_role;
    QSqlDatabase m_database;
    std::unordered_map<QString, std::unique_ptr<QSqlQuery>, TextHash, TextEqual> m_statements;
    QString m_beginText;
    std::unique_ptr<QSqlQuery> m_begin;
    std::unique_ptr<QSqlQuery> m_commit;
    std::optional<Error> m_failure;
    bool m_syncFailed = false;
    bool m_inTransaction = false;
};

} // namespace hublet::db
