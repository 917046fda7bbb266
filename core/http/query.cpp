// SPDX-License-Identifier: Apache-2.0
#include "core/http/query.h"

#include "core/http/percent.h"

namespace hublet::http {

namespace {

QByteArray decoded(QByteArrayView encoded)
{
    QByteArray out;
    out.reserve(encoded.size());
    appendDecodedQuery(out, encoded);
    return out;
}

/// Calls `visit(key, value)` for each pair, the key decoded and without "[]", the value still encoded, until
/// it returns false.
template <typename Visit>
void forEachPair(QByteArrayView query, Visit visit)
{
    while (!query.isEmpty()) {
        const qsizetype ampersand = query.indexOf('&');
        const QByteArrayView pair = ampersand < 0 ? query : query.first(ampersand);
        query = ampersand < 0 ? QByteArrayView() : query.sliced(ampersand + 1);
        if (pair.isEmpty())
            continue;
        const qsizetype equals = pair.indexOf('=');
        QByteArray key = decoded(equals < 0 ? pair : pair.first(equals));
        if (key.endsWith("[]"))
            key.chop(2);
        if (!visit(key, equals < 0 ? QByteArrayView() : pair.sliced(equals + 1)))
            return;
    }
}

QString text(QByteArrayView encodedValue)
{
    return QString::fromUtf8(decoded(encodedValue));
}

} // namespace

bool Query::contains(QByteArrayView key) const
{
    return value(key).has_value();
}

std::optional<QString> Query::value(QByteArrayView key) const
{
    std::optional<QString> found;
    forEachPair(m_raw, [&](const QByteArray& name, QByteArrayView value) {
        if (name == key)
            found = text(value);
        return !found;
    });
    return found;
}

QStringList Query::values(QByteArrayView key) const
{
    QStringList found;
    forEachPair(m_raw, [&](const QByteArray& name, QByteArrayView value) {
        if (name == key)
            found.append(text(value));
        return true;
    });
    return found;
}

bool Query::flag(QByteArrayView key) const
{
    const std::optional<QString> found = value(key);
    return found && (*found == u'1' || found->compare(u"true", Qt::CaseInsensitive) == 0);
}

void Query::forEach(const std::function<void(const QString&, const QString&)>& visit) const
{
    forEachPair(m_raw, [&](const QByteArray& name, QByteArrayView value) {
        visit(QString::fromUtf8(name), text(value));
        return true;
    });
}

} // namespace hublet::http
