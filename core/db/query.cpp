// SPDX-License-Identifier: Apache-2.0
#include "core/db/query.h"

#include "core/db/connection.h"

#include <QSqlError>
#include <QVariant>

namespace hublet::db {

void Query::bind(int position, qint64 value)
{
    m_query.bindValue(position, value);
}

Query::~Query()
{
    m_query.finish();
}

// Qt's drivers would turn a null string or array into NULL; an empty value must stay an empty value.
void Query::bind(int position, const QString& value)
{
    m_query.bindValue(position, value.isNull() ? QStringLiteral("") : value);
}

void Query::bind(int position, const QByteArray& value)
{
    m_query.bindValue(position, value.isNull() ? QByteArray("") : value);
}

void Query::bindNull(int position)
{
    m_query.bindValue(position, QVariant());
}

Result<void> Query::execute()
{
    if (const auto& failure = m_connection.failure())
        return tl::unexpected<Error>(*failure);
    if (m_query.exec())
        return {};
    return m_connection.spoil(m_connection.failed(m_query.lastError()));
}

bool Query::next()
{
    if (!m_query.isSelect())
        return false;
    if (m_query.next())
        return true;
    if (m_query.lastError().isValid() && !m_connection.failure())
        m_connection.spoil(m_connection.failed(m_query.lastError()));
    return false;
}

bool Query::isNull(int column) const
{
    return m_query.isNull(column);
}
qint64 Query::integer(int column) const
{
    return m_query.value(column).toLongLong();
}
QString Query::text(int column) const
{
    return m_query.value(column).toString();
}
QByteArray Query::bytes(int column) const
{
    return m_query.value(column).toByteArray();
}
qint64 Query::rowsChanged() const
{
    return m_query.numRowsAffected();
}

} // namespace hublet::db
