// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/card.h"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace hublet;
using namespace hublet::catalog;

class TestCard : public QObject {
    Q_OBJECT
private slots:
    void values_data();
    void values();
    void facts();
    void datasetFacts();
    void fences_data();
    void fences();
    void errors_data();
    void errors();
    void bombsAreRefused_data();
    void bombsAreRefused();
    void aliasesMayBeUsed();
};

void TestCard::values_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QByteArray>("json");
    const auto row = [](const char* yaml, const char* json) {
        QTest::newRow(yaml) << QByteArray(yaml) << QByteArray(json);
    };
    row("a: text", R"({"a":"text"})");
    row("a: 1", R"({"a":1})");
    row("a: -12", R"({"a":-12})");
    row("a: 0x1F", R"({"a":31})");
    row("a: 0o17", R"({"a":15})");
    row("a: 1.5e3", R"({"a":1500})");
    row("a: .5", R"({"a":0.5})");
    row("a: .inf", R"({"a":".inf"})");
    row("a: 1.2.3", R"({"a":"1.2.3"})");
    row("a: true", R"({"a":true})");
    row("a: False", R"({"a":false})");
    row("language: no", R"({"language":"no"})");
    row("a: yes", R"({"a":"yes"})");
    row("a: ~", R"({"a":null})");
    row("a:", R"({"a":null})");
    row("a: \"1\"", R"({"a":"1"})");
    row("a: '1'", R"({"a":"1"})");
    row("a: !!str 1", R"({"a":"1"})");
    row("a: 99999999999999999999", R"({"a":1e20})");
    row("1: x", R"({"1":"x"})");
    row("a: [1, two, {b: c}]", R"({"a":[1,"two",{"b":"c"}]})");
    row("a:\n- b\n- c", R"({"a":["b","c"]})");
    row("a: |\n  x\n  y\n", R"({"a":"x\ny\n"})");
    row("a: \xc3\xa4", "{\"a\":\"\xc3\xa4\"}");
}

void TestCard::values()
{
    QFETCH(const QByteArray, yaml);
    QFETCH(const QByteArray, json);
    const Card card = Card::parse(PackageType::Model, "---\n" + yaml + "\n---\ntext");
    QVERIFY2(card.errors.empty(), qPrintable(card.errors.empty() ? QString() : card.errors.front().message));
    QCOMPARE(card.facts.data, QJsonDocument::fromJson(json).object());
}

void TestCard::facts()
{
    const Card card =
        Card::parse(PackageType::Model, "---\nlicense: mit\nlanguage: [en, de]\ntags:\n- chat\n- chat\n"
                                        "library_name: transformers\npipeline_tag: text-generation\n"
                                        "datasets: squad\nbase_model: [acme/base]\n---\n# Title\n");
    QVERIFY(card.hasFrontMatter && card.errors.empty() && card.warnings.empty());
    QCOMPARE(card.facts.pipelineTag, QStringLiteral("text-generation"));
    QCOMPARE(card.facts.libraryName, QStringLiteral("transformers"));
    QStringList tags = card.facts.tags;
    tags.sort();
    QCOMPARE(tags, (QStringList{QStringLiteral("base_model:acme/base"), QStringLiteral("chat"),
                                QStringLiteral("dataset:squad"), QStringLiteral("de"), QStringLiteral("en"),
                                QStringLiteral("language:de"), QStringLiteral("language:en"),
                                QStringLiteral("license:mit"), QStringLiteral("text-generation"),
                                QStringLiteral("transformers")}));
}

void TestCard::datasetFacts()
{
    const Card card = Card::parse(PackageType::Dataset,
                                  "---\nlicense: mit\ntask_categories: [qa]\nsize_categories: [n<1K]\n"
                                  "pipeline_tag: x\n---\n");
    QVERIFY(card.facts.pipelineTag.isEmpty());
    QCOMPARE(card.facts.tags,
             (QStringList{QStringLiteral("task_categories:qa"), QStringLiteral("size_categories:n<1K"),
                          QStringLiteral("license:mit")}));
}

void TestCard::fences_data()
{
    QTest::addColumn<QByteArray>("readme");
    QTest::addColumn<bool>("hasFrontMatter");
    QTest::addColumn<bool>("warns");
    QTest::newRow("empty") << QByteArray() << false << true;
    QTest::newRow("no fence") << QByteArray("# Title\n") << false << true;
    QTest::newRow("later fence") << QByteArray("# Title\n---\na: 1\n---\n") << false << true;
    QTest::newRow("not closed") << QByteArray("---\na: 1\n") << false << true;
    QTest::newRow("longer line") << QByteArray("----\na: 1\n----\n") << false << true;
    QTest::newRow("nothing inside") << QByteArray("---\n---\n") << true << true;
    QTest::newRow("blank lines before") << QByteArray("\n  \n---\na: 1\n---\n") << true << false;
    QTest::newRow("CRLF") << QByteArray("---\r\na: 1\r\n---\r\n") << true << false;
    QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbf---\na: 1\n---\n") << true << false;
    QTest::newRow("closed at the end") << QByteArray("---\na: 1\n---") << true << false;
}

void TestCard::fences()
{
    QFETCH(const QByteArray, readme);
    QFETCH(const bool, hasFrontMatter);
    QFETCH(const bool, warns);
    const Card card = Card::parse(PackageType::Model, readme);
    QVERIFY(card.errors.empty());
    QCOMPARE(card.hasFrontMatter, hasFrontMatter);
    QCOMPARE(!card.warnings.empty(), warns);
    QCOMPARE(card.facts.data.isEmpty(), warns);
}

void TestCard::errors_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<int>("line"); // of the file
    QTest::newRow("indentation") << QByteArray("a: 1\n  b: 2\n") << 3;
    QTest::newRow("open list") << QByteArray("a: [1\n") << 3;
    QTest::newRow("twice") << QByteArray("a: 1\nb: 2\na: 3\n") << 4;
    QTest::newRow("list") << QByteArray("- a\n- b\n") << 2;
    QTest::newRow("scalar") << QByteArray("text\n") << 2;
    QTest::newRow("unknown alias") << QByteArray("a: *x\n") << 2;
    QTest::newRow("list as name") << QByteArray("[a]: b\n") << 2;
    QTest::newRow("not UTF-8") << QByteArray("a: \xff\n") << 2;
    QTest::newRow("NUL") << QByteArray("a: \0\n", 5) << 2;
    QTest::newRow("alias inside itself") << QByteArray("a: &x [*x]\n") << 2;
    QTest::newRow("tab") << QByteArray("a:\n\t- b\n") << 3;
}

void TestCard::errors()
{
    QFETCH(const QByteArray, yaml);
    QFETCH(const int, line);
    const Card card = Card::parse(PackageType::Model, "---\n" + yaml + "---\n");
    QCOMPARE(card.errors.size(), std::size_t(1));
    QVERIFY(!card.errors.front().message.isEmpty());
    QCOMPARE(card.errors.front().line, line);
    QVERIFY(card.facts.data.isEmpty() && card.facts.tags.isEmpty());
}

void TestCard::bombsAreRefused_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QByteArray laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 12; ++i) {
        const QByteArray before = QByteArray::number(i - 1);
        const QByteArray now = QByteArray::number(i);
        laughs += 'a' + now + ": &a" + now + " [" + QByteArray("*a" + before + ',').repeated(9) + "*a" +
                  before + "]\n";
    }
    QTest::newRow("a billion laughs") << laughs;
    QTest::newRow("deep lists") << "a: " + QByteArray("[").repeated(100'000) + '\n';
    QTest::newRow("deep mappings") << "a: " + QByteArray("{a: ").repeated(10'000) + '\n';
    QTest::newRow("many values") << "a: [" + QByteArray("1,").repeated(Card::MaxValues) + "1]\n";
    QTest::newRow("much repeated text") << "a: &a " + QByteArray("x").repeated(10'000) + "\nb: [*a" +
                                               QByteArray(", *a").repeated(1'000) + "]\n";
    QTest::newRow("too long") << "a: " + QByteArray("x").repeated(Card::MaxFrontMatterBytes) + '\n';
    QTest::newRow("long indentation") << QByteArray("-\n ").repeated(1000) + '\n';
}

void TestCard::bombsAreRefused()
{
    QFETCH(const QByteArray, yaml);
    QElapsedTimer timer;
    timer.start();
    const Card card = Card::parse(PackageType::Model, "---\n" + yaml + "---\n");
    QCOMPARE(card.errors.size(), std::size_t(1));
    QVERIFY2(timer.elapsed() < 2000, qPrintable(QString::number(timer.elapsed())));
}

void TestCard::aliasesMayBeUsed()
{
    const Card card = Card::parse(PackageType::Model, "---\na: &x [1, 2]\nb: *x\n---\n");
    QVERIFY(card.errors.empty());
    QCOMPARE(card.facts.data.value(u"b").toArray(), (QJsonArray{1, 2}));
}

QTEST_GUILESS_MAIN(TestCard)
#include "tst_card.moc"
