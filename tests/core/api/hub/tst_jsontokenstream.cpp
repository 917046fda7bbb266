// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/jsontokenstream.h"
#include "tests/core/api/hub/quoted.h"

#include <QTest>

using namespace hublet;
using namespace hublet::api;
using hublet::api::test::quoted;

namespace {

/// Writes down the tokens; string pieces are joined.
class Trace : public JsonTokenStream::Handler {
public:
    QByteArrayList tokens;

    Result<void> beginObject() override { return note("{"); }
    Result<void> endObject() override { return note("}"); }
    Result<void> beginArray() override { return note("["); }
    Result<void> endArray() override { return note("]"); }
    Result<void> key(QByteArrayView name) override { return note("key " + name.toByteArray()); }
    Result<void> stringPiece(QByteArrayView bytes) override
    {
        m_text.append(bytes);
        return {};
    }
    Result<void> endString() override { return note("text " + std::exchange(m_text, {})); }
    Result<void> scalar(QByteArrayView text) override { return note(text.toByteArray()); }

private:
    Result<void> note(const QByteArray& token)
    {
        tokens.append(token);
        return {};
    }
    QByteArray m_text;
};

struct Outcome {
    QByteArrayList tokens;
    std::optional<Error> error;
};

Outcome read(const QByteArray& json, qsizetype step)
{
    Trace trace;
    JsonTokenStream stream(trace);
    Result<void> result;
    for (qsizetype at = 0; result && at < json.size(); at += step)
        result = stream.append(QByteArrayView(json).sliced(at, std::min(step, json.size() - at)));
    if (result)
        result = stream.finish();
    return {trace.tokens, result ? std::nullopt : std::optional(result.error())};
}

} // namespace

class JsonTokenStreamTest : public QObject {
    Q_OBJECT

private slots:
    void valid_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QByteArrayList>("tokens");
        QTest::newRow("empty object") << QByteArray("{}") << QByteArrayList{"{", "}"};
        QTest::newRow("empty array") << QByteArray(" [ ] ") << QByteArrayList{"[", "]"};
        QTest::newRow("nested") << quoted(R"({'a':[1,{'b':'c'},[]],'d':{}})")
                                << QByteArrayList{"{", "key a", "[", "1",     "{", "key b", "text c", "}",
                                                  "[", "]",     "]", "key d", "{", "}",     "}"};
        QTest::newRow("words") << QByteArray("[true,false,null]")
                               << QByteArrayList{"[", "true", "false", "null", "]"};
        QTest::newRow("numbers") << QByteArray("[0,-0,12,-3.25,1e9,2E-3,0.5e+1]")
                                 << QByteArrayList{"[",   "0",    "-0",     "12", "-3.25",
                                                   "1e9", "2E-3", "0.5e+1", "]"};
        QTest::newRow("number alone") << QByteArray("42") << QByteArrayList{"42"};
        QTest::newRow("string alone") << QByteArray("\"\"") << QByteArrayList{"text "};
        QTest::newRow("escapes") << quoted(R"('\'\\\/\b\f\n\r\t\u0041\u00e9\u20AC\uD83D\uDE00')")
                                 << QByteArrayList{
                                        "text \"\\/\b\f\n\r\tA\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"};
        QTest::newRow("UTF-8") << QByteArray("\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x7f\"")
                               << QByteArrayList{"text \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\x7f"};
        QTest::newRow("escaped key") << quoted(R"({'\u0061\/':1})")
                                     << QByteArrayList{"{", "key a/", "1", "}"};
        QTest::newRow("NUL by escape")
            << quoted(R"('a\u0000b')") << QByteArrayList{QByteArray("text a\0b", 8)};
    }
    void valid()
    {
        QFETCH(QByteArray, json);
        QFETCH(QByteArrayList, tokens);
        for (qsizetype step = 1; step <= json.size(); ++step) {
            const Outcome outcome = read(json, step);
            QVERIFY2(!outcome.error, outcome.error ? qPrintable(outcome.error->detail()) : "");
            QCOMPARE(outcome.tokens, tokens);
        }
    }

    void invalid_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const char* json : {"",
                                 " ",
                                 "{",
                                 "[",
                                 "}",
                                 "]",
                                 "[}",
                                 "{]",
                                 "[1",
                                 "[1,]",
                                 "[,1]",
                                 "[1 2]",
                                 "{1:2}",
                                 "{\"a\"}",
                                 "{\"a\":}",
                                 "{\"a\":1,}",
                                 "{,}",
                                 "{\"a\" 1}",
                                 ":",
                                 ",",
                                 "[1]]",
                                 "[] []",
                                 "1 2",
                                 "\"a\"\"b\"",
                                 "tru",
                                 "True",
                                 "nul",
                                 "truee",
                                 "01",
                                 "-",
                                 "1.",
                                 ".5",
                                 "1e",
                                 "1e+",
                                 "--1",
                                 "+1",
                                 "0x1",
                                 "1-1",
                                 "NaN",
                                 "Infinity",
                                 "'a'",
                                 "\"",
                                 "\"\\\"",
                                 "\"\\x\"",
                                 "\"\\u12\"",
                                 "\"\\u12g4\"",
                                 "\"\\ud800\"",
                                 "\"\\ud800x\"",
                                 "\"\\ud800\\n\"",
                                 "\"\\ud800\\u0041\"",
                                 "\"\\udc00\"",
                                 "\"\\ud800\\ud800\"",
                                 "\"\x01\"",
                                 "\"a\tb\"",
                                 "\"\x80\"",
                                 "\"\xc0\xaf\"",
                                 "\"\xe2\x82\"",
                                 "\"\xed\xa0\x80\"",
                                 "\"\xf4\x90\x80\x80\"",
                                 "\"\xc3\\u00a9\"",
                                 "\xef\xbb\xbf{}",
                                 "// x\n1",
                                 "[1\x0b]",
                                 "{\"a\":1 \"b\":2}",
                                 "{\"a\"::1}",
                                 "{\"a\":1:2}",
                                 "[\"a\":1]"})
            QTest::addRow("%s", QByteArray(json).toPercentEncoding(" {}[]:,\"\\").constData())
                << QByteArray(json);
        QTest::newRow("NUL") << QByteArray("[\0]", 3);
        QTest::newRow("key too long") << "{\"" + QByteArray(JsonTokenStream::MaxKeyBytes + 1, 'k') + "\":1}";
        QTest::newRow("number too long") << QByteArray(JsonTokenStream::MaxScalarBytes + 1, '1');
        QTest::newRow("too deep") << QByteArray(JsonTokenStream::MaxDepth + 1, '[') +
                                         QByteArray(JsonTokenStream::MaxDepth + 1, ']');
    }
    void invalid()
    {
        QFETCH(QByteArray, json);
        for (const qsizetype step : {std::max(json.size(), qsizetype(1)), qsizetype(1), qsizetype(3)}) {
            const Outcome outcome = read(json, step);
            QVERIFY(outcome.error);
            QCOMPARE(outcome.error->code(), ErrorCode::Malformed);
        }
    }

    void limitsAreReached()
    {
        QVERIFY(
            !read(QByteArray(JsonTokenStream::MaxDepth, '[') + QByteArray(JsonTokenStream::MaxDepth, ']'), 10)
                 .error);
        QVERIFY(!read("{\"" + QByteArray(JsonTokenStream::MaxKeyBytes, 'k') + "\":1}", 100).error);
        QVERIFY(!read(QByteArray(JsonTokenStream::MaxScalarBytes, '1'), 9).error);
    }

    void resetAfterAnError()
    {
        Trace trace;
        JsonTokenStream stream(trace);
        QVERIFY(!stream.append("[\"\\ud800\xc3"));
        stream.reset();
        QVERIFY(stream.isEmpty());
        QVERIFY(stream.append("\"\xc3\xa9\""));
        QVERIFY(!stream.isEmpty());
        QVERIFY(stream.finish());
        QCOMPARE(trace.tokens.last(), QByteArray("text \xc3\xa9"));
    }

    void longStringsAreHandedOnAtOnce()
    {
        Trace trace;
        JsonTokenStream stream(trace);
        QVERIFY(stream.append("\""));
        const QByteArray block(1 << 20, 'x');
        for (int i = 0; i < 16; ++i)
            QVERIFY(stream.append(block));
        QVERIFY(stream.append("\""));
        QVERIFY(stream.finish());
        QCOMPARE(trace.tokens.size(), 1);
        QCOMPARE(trace.tokens.first().size(), 16 * block.size() + 5);
    }
};

QTEST_GUILESS_MAIN(JsonTokenStreamTest)
#include "tst_jsontokenstream.moc"
