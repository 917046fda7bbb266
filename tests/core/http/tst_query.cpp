// SPDX-License-Identifier: Apache-2.0
#include "core/http/query.h"

#include <QTest>

using namespace hublet::http;

class TestQuery : public QObject {
    Q_OBJECT

private slots:
    void values_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<QStringList>("expected");
        QTest::newRow("none") << QByteArray("") << QStringList{};
        QTest::newRow("other keys") << QByteArray("keys=1&ke=2") << QStringList{};
        QTest::newRow("one") << QByteArray("key=a") << QStringList{QStringLiteral("a")};
        QTest::newRow("repeated, in order")
            << QByteArray("key=b&x=1&key=a") << QStringList{QStringLiteral("b"), QStringLiteral("a")};
        QTest::newRow("brackets") << QByteArray("key[]=a&key%5B%5D=b&key=c")
                                  << QStringList{QStringLiteral("a"), QStringLiteral("b"),
                                                 QStringLiteral("c")};
        QTest::newRow("plus and escapes")
            << QByteArray("key=a+b%2Bc%20d") << QStringList{QStringLiteral("a b+c d")};
        QTest::newRow("escaped key") << QByteArray("%6bey=a") << QStringList{QStringLiteral("a")};
        QTest::newRow("no value") << QByteArray("key&key=") << QStringList{QString(), QString()};
        QTest::newRow("value with equals") << QByteArray("key=a=b") << QStringList{QStringLiteral("a=b")};
        QTest::newRow("empty pairs") << QByteArray("&&key=a&") << QStringList{QStringLiteral("a")};
        QTest::newRow("UTF-8") << QByteArray("key=%C3%A4") << QStringList{QStringLiteral("\u00e4")};
    }
    void values()
    {
        QFETCH(QByteArray, raw);
        QFETCH(QStringList, expected);
        const Query query(raw);
        QCOMPARE(query.values("key"), expected);
        QCOMPARE(query.contains("key"), !expected.isEmpty());
        QCOMPARE(query.value("key").has_value(), !expected.isEmpty());
        if (!expected.isEmpty())
            QCOMPARE(*query.value("key"), expected.first());
    }

    void flag_data()
    {
        QTest::addColumn<QByteArray>("raw");
        QTest::addColumn<bool>("set");
        for (const char* yes : {"f=true", "f=True", "f=TRUE", "f=1", "f[]=1"})
            QTest::newRow(yes) << QByteArray(yes) << true;
        for (const char* no : {"", "f", "f=", "f=0", "f=false", "f=yes", "g=1", "f=false&f=true"})
            QTest::newRow(no) << QByteArray(no) << false;
    }
    void flag()
    {
        QFETCH(QByteArray, raw);
        QTEST(Query(raw).flag("f"), "set");
    }

    void visitsEveryPairInOrder()
    {
        QStringList seen;
        Query("b[]=1&a=%20&c").forEach([&seen](const QString& key, const QString& value) {
            seen.append(key + u'=' + value);
        });
        QCOMPARE(seen, (QStringList{QStringLiteral("b=1"), QStringLiteral("a= "), QStringLiteral("c=")}));
    }
};

QTEST_APPLESS_MAIN(TestQuery)
#include "tst_query.moc"
