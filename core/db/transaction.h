// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/query.h"

namespace hublet::db {

class Connection;

/// The inside of Database::read or Database::write: hands out prepared statements (cached per connection by
/// their text). Valid only inside the function it was passed to, on that thread. Nested queries with the same
/// text are not allowed while the first is still being read.
class Transaction {
public:
    /// `writeSerial`: as below.
    explicit Transaction(Connection& connection, quint64 writeSerial = 0)
        : m_connection(connection), m_writeSerial(writeSerial)
    {
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;

    /// `sql` in the dialect that SQLite and PostgreSQL share.
    [[nodiscard]] Query query(QStringView sql);
    /// Runs an INSERT that ends in "RETURNING id" and gives that id.
    template <typename... Values>
    [[nodiscard]] Result<qint64> insert(QStringView sql, const Values&... values)
    {
        Query statement = query(sql);
        if (const auto run = statement.run(values...); !run)
            return forward(run);
        if (!statement.next())
            return fail(ErrorCode::Database, QStringLiteral("The database returned no id for a new row"));
        return statement.integer(0);
    }

    /// Another number for each Database::write of this process; 0 inside Database::read. Rows that were read
    /// inside a write may be its own and never come to be: whoever remembers rows must not hand those to
    /// transactions with another number. SQLite gives their ids to the next rows inserted.
    [[nodiscard]] quint64 writeSerial() const { return m_writeSerial; }

private:
    Connection& m_connection;
    const quint64 m_writeSerial;
};

} // namespace hublet::db
