// SPDX-License-Identifier: Apache-2.0
#include "core/base/jsonwriter.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <limits>

using namespace hublet;

class TestJsonWriter : public QObject {
    Q_OBJECT
private slots:
    void writesNestedValues();
    void escapes_data();
    void escapes();
    void invalidUtf8IsReplaced();
    void numbersAreExact();
    void takenInPieces();
    void embedsJsonValues();
};

void TestJsonWriter::writesNestedValues()
{
    JsonWriter json;
    json.beginObject();
    json.key("a")
        .beginArray()
        .value(qint64(1))
        .value(true)
        .null()
        .value(u"x")
        .beginObject()
        .endObject()
        .endArray();
    json.key("b").beginObject().key("c").value(false).key("d").beginArray().endArray().endObject();
    json.key("e").utf8("y");
    json.endObject();
    QCOMPARE(json.take(), QByteArray(R"({"a":[1,true,null,"x",{}],"b":{"c":false,"d":[]},"e":"y"})"));
}

void TestJsonWriter::escapes_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("quotes") << QStringLiteral("say \"no\" \\ /");
    QTest::newRow("line ends") << QStringLiteral("a\r\nb\tc");
    QString controls;
    for (char16_t c = 0; c < 0x20; ++c)
        controls += QChar(c);
    QTest::newRow("controls") << controls;
    QTest::newRow("delete") << QStringLiteral("\x7f");
    QTest::newRow("beyond ASCII") << QStringLiteral("na\u00efve \u65e5\u672c \U0001F917 \u2028");
    QTest::newRow("only escapes") << QStringLiteral("\"\"\"");
}

void TestJsonWriter::escapes()
{
    QFETCH(QString, text);
    JsonWriter json;
    json.beginArray().value(text).utf8(text.toUtf8()).endArray();
    QJsonParseError error;
    const QJsonDocument parsed = QJsonDocument::fromJson(json.take(), &error);
    QCOMPARE(error.error, QJsonParseError::NoError);
    QCOMPARE(parsed.array(), (QJsonArray{text, text}));
}

void TestJsonWriter::invalidUtf8IsReplaced()
{
    JsonWriter json;
    json.beginArray()
        .utf8("a\xff"
              "b")
        .endArray();
    QCOMPARE(json.take(), QByteArray("[\"a\xef\xbf\xbd"
                                     "b\"]"));
}

void TestJsonWriter::numbersAreExact()
{
    JsonWriter json;
    json.beginArray()
        .value(std::numeric_limits<qint64>::max())
        .value(std::numeric_limits<qint64>::min())
        .value(qint64(0))
        .endArray();
    QCOMPARE(json.take(), QByteArray("[9223372036854775807,-9223372036854775808,0]"));
}

void TestJsonWriter::takenInPieces()
{
    JsonWriter json;
    QByteArray all;
    json.beginArray();
    for (qint64 i = 0; i < 5; ++i) {
        json.value(i);
        QVERIFY(json.size() > 0);
        all += json.take();
        QCOMPARE(json.size(), 0);
    }
    json.endArray();
    all += json.take();
    QCOMPARE(all, QByteArray("[0,1,2,3,4]"));
}

void TestJsonWriter::embedsJsonValues()
{
    const QJsonObject object{{QStringLiteral("x"), QJsonArray{1, 2.5, QStringLiteral("y")}}};
    JsonWriter json;
    json.beginArray()
        .value(QJsonValue(object))
        .value(QJsonValue(QJsonArray{true}))
        .value(QJsonValue(QStringLiteral("z")))
        .value(QJsonValue(1.5))
        .value(QJsonValue(false))
        .value(QJsonValue())
        .endArray();
    QCOMPARE(json.take(), QByteArray(R"([{"x":[1,2.5,"y"]},[true],"z",1.5,false,null])"));
}

QTEST_APPLESS_MAIN(TestJsonWriter)
#include "tst_jsonwriter.moc"
