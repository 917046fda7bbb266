// SPDX-License-Identifier: Apache-2.0
#include "core/base/jsonwriter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace hublet {

void JsonWriter::separate()
{
    if (m_needComma)
        m_out += ',';
    m_needComma = true;
}

JsonWriter& JsonWriter::beginObject()
{
    separate();
    m_out += '{';
    m_needComma = false;
    return *this;
}

JsonWriter& JsonWriter::endObject()
{
    m_out += '}';
    m_needComma = true;
    return *this;
}

JsonWriter& JsonWriter::beginArray()
{
    separate();
    m_out += '[';
    m_needComma = false;
    return *this;
}

JsonWriter& JsonWriter::endArray()
{
    m_out += ']';
    m_needComma = true;
    return *this;
}

JsonWriter& JsonWriter::key(QByteArrayView name)
{
    separate();
    m_out += '"';
    m_out += name;
    m_out += "\":";
    m_needComma = false;
    return *this;
}

JsonWriter& JsonWriter::value(QStringView text)
{
    separate();
    string(text.toUtf8());
    return *this;
}

JsonWriter& JsonWriter::utf8(QByteArrayView text)
{
    separate();
    if (text.isValidUtf8())
        string(text);
    else
        string(QString::fromUtf8(text).toUtf8());
    return *this;
}

JsonWriter& JsonWriter::value(qint64 number)
{
    separate();
    m_out += QByteArray::number(number);
    return *this;
}

JsonWriter& JsonWriter::value(bool flag)
{
    separate();
    m_out += flag ? "true" : "false";
    return *this;
}

JsonWriter& JsonWriter::null()
{
    separate();
    m_out += "null";
    return *this;
}

JsonWriter& JsonWriter::value(const QJsonValue& json)
{
    switch (json.type()) {
    case QJsonValue::Object:
        separate();
        m_out += QJsonDocument(json.toObject()).toJson(QJsonDocument::Compact);
        return *this;
    case QJsonValue::Array:
        separate();
        m_out += QJsonDocument(json.toArray()).toJson(QJsonDocument::Compact);
        return *this;
    case QJsonValue::String: return value(QStringView(json.toString()));
    case QJsonValue::Bool: return value(json.toBool());
    case QJsonValue::Double: {
        const QByteArray inArray = QJsonDocument(QJsonArray{json}).toJson(QJsonDocument::Compact);
        separate();
        m_out += inArray.mid(1, inArray.size() - 2);
        return *this;
    }
    case QJsonValue::Null:
    case QJsonValue::Undefined: break;
    }
    return null();
}

QByteArray JsonWriter::take()
{
    QByteArray out;
    out.swap(m_out);
    return out;
}

void JsonWriter::string(QByteArrayView utf8)
{
    m_out += '"';
    qsizetype start = 0;
    for (qsizetype i = 0; i < utf8.size(); ++i) {
        const char c = utf8[i];
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && c != '"' && c != '\\')
            continue;
        m_out += utf8.sliced(start, i - start);
        start = i + 1;
        switch (c) {
        case '"': m_out += "\\\""; break;
        case '\\': m_out += "\\\\"; break;
        case '\n': m_out += "\\n"; break;
        case '\r': m_out += "\\r"; break;
        case '\t': m_out += "\\t"; break;
        default: m_out += "\\u00" + QByteArray(1, c).toHex();
        }
    }
    m_out += utf8.sliced(start);
    m_out += '"';
}

} // namespace hublet
