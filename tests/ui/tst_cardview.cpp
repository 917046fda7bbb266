// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/cardtext.h"
#include "ui/widgets/cardview.h"

#include <QElapsedTimer>
#include <QTest>
#include <QTextDocument>

using namespace hublet::ui;

class CardViewTest : public QObject {
    Q_OBJECT

private slots:
    void leavesTheFrontMatterOut_data();
    void leavesTheFrontMatterOut();
    void showsTheTextOfHtml_data();
    void showsTheTextOfHtml();
    void readsHostileTextInNoTime_data();
    void readsHostileTextInNoTime();
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

void CardViewTest::showsTheTextOfHtml_data()
{
    QTest::addColumn<QByteArray>("readme");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* name, const char* readme, const char* shown) {
        QTest::newRow(name) << QByteArray(readme) << QString::fromUtf8(shown);
    };
    row("inline", "a <b>b</b> <sub>c</sub>", "a b c");
    row("image", "<img src=\"x.png\" alt='A chart' width=3> b", "A chart b");
    row("markdown image", "![A chart](http://127.0.0.1:1/x.png) b", "A chart b");
    row("centred", "<div align=\"center\">\n    <p>\n      <a href=\"x\">Hi</a>\n    </p>\n</div>\nyou",
        "Hi\nyou");
    row("heading", "<h2 id=x>Hi</h2>you", "Hi\nyou");
    row("list", "<ul><li>a</li><li>b</li></ul>", "a\nb");
    row("comment", "a<!-- b <i> -->c", "ac");
    row("never ends", "a <!-- b <i", "a <!-- b <i");
    row("script", "a <script>alert(1)</script>b", "a\nb");
    row("code", "`<b>` is bold", "<b> is bold");
    row("fence", "```html\n<b>a</b>\n```\n", "<b>a</b>");
    row("no tag", "1 <2, List<int>", "1 <2, List<int>");
    row("table", "| a | b |\n|---|---|\n| 1<br>2 | <b>3</b> |\n", "a\nb\n1 2\n3");
}

void CardViewTest::showsTheTextOfHtml()
{
    QFETCH(QByteArray, readme);
    QFETCH(QString, shown);
    CardView view;
    view.showCard(readme);
    QStringList lines;
    for (const QString& line : view.toPlainText().split(u'\n', Qt::SkipEmptyParts))
        lines.append(line.trimmed());
    lines.removeAll(QString());
    QCOMPARE(lines.join(u'\n'), shown);
}

void CardViewTest::readsHostileTextInNoTime_data()
{
    QTest::addColumn<QString>("piece");
    for (const char* piece : {"<b ", "<!-- ", "![", "`` ` ", "<script>", "<br>", "<b>", "<p>"})
        QTest::newRow(piece) << QString::fromLatin1(piece);
}

void CardViewTest::readsHostileTextInNoTime()
{
    QFETCH(QString, piece);
    constexpr qsizetype CardCharacters = 1 << 20;
    constexpr int EnoughMs = 5000;
    QElapsedTimer timer;
    timer.start();
    (void)withoutTagsAndImages(piece.repeated(CardCharacters / piece.size()));
    QVERIFY2(timer.elapsed() < EnoughMs, qPrintable(QString::number(timer.elapsed())));
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
