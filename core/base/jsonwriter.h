// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonValue>
#include <QStringView>

namespace hublet {

/// Writes JSON straight into a byte array, for listings too large for QJsonDocument. The caller keeps begin and end
/// balanced; commas are the writer's business. Not thread-safe.
class JsonWriter {
public:
    JsonWriter& beginObject();
    JsonWriter& endObject();
    JsonWriter& beginArray();
    JsonWriter& endArray();
    /// `name` must be plain ASCII without characters that JSON escapes.
    JsonWriter& key(QByteArrayView name);
    JsonWriter& value(QStringView text);
    JsonWriter& value(const QString& text) { return value(QStringView(text)); }
    JsonWriter& value(const char16_t* text) { return value(QStringView(text)); } ///< else a literal would be a bool
    JsonWriter& utf8(QByteArrayView text); ///< valid UTF-8; invalid bytes become U+FFFD
    JsonWriter& value(qint64 number);
    JsonWriter& value(bool flag);
    JsonWriter& null();
    JsonWriter& value(const QJsonValue& json);

    /// What was written so far; the writer starts over with an empty array but remembers its depth, so a long
    /// listing can be sent in pieces.
    [[nodiscard]] QByteArray take();
    [[nodiscard]] qsizetype size() const { return m_out.size(); }

private:
    void separate();
    void string(QByteArrayView utf8);

    QByteArray m_out;
    bool m_needComma = false;
};

} // namespace hublet
