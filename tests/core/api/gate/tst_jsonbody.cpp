// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/jsonbody.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::api;

class TestJsonBody : public QObject {
    Q_OBJECT

private slots:
    void accepts_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QJsonObject>("expected");
        const QJsonObject named{{QStringLiteral("name"), QStringLiteral("a\"{[b")}};
        QTest::newRow("empty") << QByteArray() << QJsonObject();
        QTest::newRow("blank") << QByteArray(" \r\n") << QJsonObject();
        QTest::newRow("null") << QByteArray("null") << QJsonObject();
        QTest::newRow("object") << QByteArray(" {\"name\":\"a\\\"{[b\"} ") << named;
        QTest::newRow("64 deep") << QByteArray("{\"a\":") + QByteArray(kJsonDepth - 1, '[') +
                                        QByteArray(kJsonDepth - 1, ']') + '}'
                                 << QJsonObject{{QStringLiteral("a"), nested(kJsonDepth - 1)}};
    }
    void accepts()
    {
        QFETCH(QByteArray, body);
        QFETCH(QJsonObject, expected);
        const auto object = parseJsonObject(body);
        QVERIFY2(object.has_value(), object ? "" : qUtf8Printable(object.error().detail()));
        QCOMPARE(*object, expected);
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("string") << QByteArray("\"x\"");
        QTest::newRow("cut off") << QByteArray("{\"a\":1");
        QTest::newRow("more behind it") << QByteArray("{} {}");
        QTest::newRow("not JSON") << QByteArray("name=x");
        QTest::newRow("65 deep") << QByteArray("{\"a\":") + QByteArray(kJsonDepth, '[') +
                                        QByteArray(kJsonDepth, ']') + '}';
        QTest::newRow("many brackets, never closed") << QByteArray("{\"a\":") + QByteArray(1'000'000, '[');
        QTest::newRow("too many elements")
            << QByteArray("{\"a\":[0") + QByteArray(",0").repeated(kJsonKeys) + "]}";
    }
    void refuses()
    {
        QFETCH(QByteArray, body);
        const auto object = parseJsonObject(body);
        QVERIFY(!object);
        QCOMPARE(object.error().code(), ErrorCode::Malformed);
    }

private:
    static QJsonArray nested(int depth)
    {
        QJsonArray array;
        for (int i = 1; i < depth; ++i)
            array = QJsonArray{array};
        return array;
    }
};

QTEST_APPLESS_MAIN(TestJsonBody)
#include "tst_jsonbody.moc"
