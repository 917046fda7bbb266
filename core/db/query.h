// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"

#include <QSqlQuery>
#include <QString>

#include <optional>

namespace hublet::db {

class Connection;

/// One prepared statement of a Transaction, positional parameters (`?`), forward only. Lives inside the
/// function that Database::read or write runs; never outlives its Transaction. Bytes are blobs, text is text,
/// times are qint64 ms.
///
///     auto query = transaction.query(u"SELECT id FROM package WHERE repository = ? AND folded = ?");
///     if (auto run = query.run(repositoryId, id.folded()); !run) return forward(run);
///     while (query.next()) use(query.integer(0));
///
/// A statement that fails spoils its transaction, on SQLite as on PostgreSQL: read() and write() then give
/// that error and nothing is committed, even if the caller went on. Where a row may exist already, say ON
/// CONFLICT in the statement. That holds for next() too: rows cut short by an error are never mistaken for
/// all the rows.
class Query {
public:
    Query(Connection& connection, QSqlQuery& prepared) : m_connection(connection), m_query(prepared) {}
    /// Ends the statement, read to its end or not: one left open makes SQLite keep what every later statement
    /// of the transaction would need to be taken back, and search that from its start each time.
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    /// Binds `values` in order and executes. Error::code() is Database, or AlreadyExists for a broken unique
    /// constraint, Conflict for a broken foreign key, NoSpace, Corrupt, Io, Busy, Unavailable (connection
    /// lost). A null QString or QByteArray is stored as an empty one; std::nullopt is NULL.
    template <typename... Values>
    [[nodiscard]] Result<void> run(const Values&... values)
    {
        int position = 0;
        (bind(position++, values), ...);
        return execute();
    }
    [[nodiscard]] bool next();

    [[nodiscard]] bool isNull(int column) const;
    [[nodiscard]] qint64 integer(int column) const;
    [[nodiscard]] bool flag(int column) const { return integer(column) != 0; }
    [[nodiscard]] QString text(int column) const;
    [[nodiscard]] QByteArray bytes(int column) const;
    /// A stored digest; all zero when the column is null or has the wrong length.
    template <typename D>
    [[nodiscard]] D digest(int column) const
    {
        return D::fromBytes(bytes(column)).value_or(D());
    }
    [[nodiscard]] qint64 rowsChanged() const;

private:
    void bind(int position, qint64 value);
    void bind(int position, int value) { bind(position, qint64(value)); }
    void bind(int position, bool value) { bind(position, qint64(value ? 1 : 0)); }
    void bind(int position, const QString& value);
    void bind(int position, const QByteArray& value);
    template <std::size_t N, typename Tag>
    void bind(int position, const Digest<N, Tag>& value)
    {
        bind(position, value.toBytes());
    }
    template <typename T>
    void bind(int position, const std::optional<T>& value)
    {
        if (value)
            bind(position, *value);
        else
            bindNull(position);
    }
    void bindNull(int position);
    [[nodiscard]] Result<void> execute();

    Connection& m_connection;
    QSqlQuery& m_query;
};

} // namespace hublet::db
