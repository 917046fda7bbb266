// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace hublet::catalog {

/// Position in an ordered list: the sort key of the last item and its row, which tells items with equal keys
/// apart. As text it is ASCII that needs no escaping in a URL.
struct Cursor {
    QString key;
    qint64 row = 0;

    [[nodiscard]] qint64 number() const { return key.toLongLong(); }

    [[nodiscard]] static QByteArray of(const QString& key, qint64 row)
    {
        return (QString::number(row) + u' ' + key)
            .toUtf8()
            .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    }
    [[nodiscard]] static QByteArray of(qint64 key, qint64 row) { return of(QString::number(key), row); }

    [[nodiscard]] static std::optional<Cursor> parse(const QByteArray& text)
    {
        const auto decoded = QByteArray::fromBase64Encoding(
            text, QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals |
                      QByteArray::AbortOnBase64DecodingErrors);
        const QString plain = QString::fromUtf8(decoded ? decoded.decoded : QByteArray());
        const qsizetype space = plain.indexOf(u' ');
        bool isNumber = false;
        const qint64 row = plain.left(space).toLongLong(&isNumber);
        if (space < 0 || !isNumber)
            return std::nullopt;
        return Cursor{plain.mid(space + 1), row};
    }
};

} // namespace hublet::catalog
