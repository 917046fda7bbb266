// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/cardview.h"

#include <QTest>
#include <QTextDocument>

using namespace hublet::ui;

class CardViewTest : public QObject {
    Q_OBJECT

private slots:
    void leavesTheFrontMatterOut_data();
    void leavesTheFrontMatterOut();
    void loadsNothingAndRunsNothing_data();
    void loadsNothingAndRunsNothing();
};

void CardViewTest::leavesTheFrontMatterOut_data()
{
    QTest::addColumn<QByteArray>("readme");
    QTest::addColumn<QString>("shown");
    QTest::newRow("none") << QByteArray("# Hello") << QStringLiteral("# Hello");
    QTest::newRow("plain") << QByteArray("---\nlicense: mit\n---\n# Hello") << QStringLiteral("# Hello");
    QTest::newRow("crlf") << QByteArray("---\r\nlicense: mit\r\n---\r\nHi") << QStringLiteral("Hi");
    QTest::newRow("never closed") << QByteArray("---\nlicense: mit\n")
                                  << QStringLiteral("---\nlicense: mit\n");
    QTest::newRow("rule below") << QByteArray("Hi\n---\nyou") << QStringLiteral("Hi\n---\nyou");
}

void CardViewTest::leavesTheFrontMatterOut()
{
    QFETCH(QByteArray, readme);
    QFETCH(QString, shown);
    QCOMPARE(CardView::withoutFrontMatter(readme), shown);
}

void CardViewTest::loadsNothingAndRunsNothing_data()
{
    QTest::addColumn<QByteArray>("readme");
    QTest::newRow("remote image") << QByteArray("![x](http://127.0.0.1:1/x.png) text");
    QTest::newRow("local image") << QByteArray("![x](file:///etc/passwd) text");
    QTest::newRow("html image") << QByteArray("<img src=\"file:///etc/passwd\"> text");
    QTest::newRow("script") << QByteArray("<script>alert(1)</script> text");
}

void CardViewTest::loadsNothingAndRunsNothing()
{
    QFETCH(QByteArray, readme);
    CardView view;
    view.resize(300, 200);
    view.showCard(readme);
    view.grab();
    QVERIFY(view.toPlainText().contains(QStringLiteral("text")));
    for (const QString& name :
         {QStringLiteral("http://127.0.0.1:1/x.png"), QStringLiteral("file:///etc/passwd")})
        QCOMPARE(view.document()->resource(QTextDocument::ImageResource, QUrl(name)).value<QImage>().size(),
                 QSize(1, 1));
    const QUrl sheet(QStringLiteral("file:///etc/passwd"));
    QVERIFY(view.document()->resource(QTextDocument::StyleSheetResource, sheet).toByteArray().isEmpty());
}

QTEST_MAIN(CardViewTest)
#include "tst_cardview.moc"
