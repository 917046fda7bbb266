// SPDX-License-Identifier: Apache-2.0
#include "core/db/transaction.h"

#include "core/db/connection.h"

namespace hublet::db {

Query Transaction::query(QStringView sql)
{
    return Query(m_connection, m_connection.statement(sql));
}

} // namespace hublet::db
