// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/ndjsoncommitparser.h"
#include "tests/core/api/hub/quoted.h"
#include "tests/core/api/hub/recordingcommitsession.h"

#include <QTest>

using namespace hublet;
using namespace hublet::api;
using hublet::api::test::quoted;
using hublet::api::test::RecordingCommitSession;

namespace {

const QByteArray Header = quoted(R"({'key':'header','value':{'summary':'t'}})");

struct Outcome {
    QByteArrayList calls;
    std::optional<Error> error;
};

/// Feeds `body` in pieces of `step` bytes.
Outcome parse(const QByteArray& body, qsizetype step)
{
    RecordingCommitSession session;
    NdjsonCommitParser parser(session);
    Result<void> result;
    for (qsizetype at = 0; result && at < body.size(); at += step)
        result = parser.append(QByteArrayView(body).sliced(at, std::min(step, body.size() - at)));
    if (result)
        result = parser.finish();
    return {session.calls, result ? std::nullopt : std::optional(result.error())};
}

QByteArray lines(const QByteArrayList& list)
{
    return list.join('\n') + '\n';
}

} // namespace

class NdjsonCommitParserTest : public QObject {
    Q_OBJECT

private slots:
    void operations_data()
    {
        const QByteArray oid(64, 'a');
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<QByteArrayList>("calls");

        QTest::newRow("header with everything")
            << lines({quoted(
                   R"({'key':'header','value':{'summary':'Title','description':'Text','parentCommit':'ABCDEF0123'}})")})
            << QByteArrayList{"header Title|Text|ABCDEF0123"};
        QTest::newRow("header with null fields")
            << lines({quoted(
                   R"({'key':'header','value':{'summary':'t','description':null,'parentCommit':null}})")})
            << QByteArrayList{"header t||"};
        QTest::newRow("header, value first")
            << lines({quoted(R"({'value':{'summary':'t'},'key':'header'})")}) << QByteArrayList{"header t||"};
        QTest::newRow("no last line feed")
            << Header + '\n' + quoted(R"({'key':'deletedFile','value':{'path':'a'}})")
            << QByteArrayList{"header t||", "delete a"};
        QTest::newRow("CRLF, empty lines and blanks")
            << "\r\n\n" + Header +
                   "\r\n \t\r\n{\"key\" : \"deletedFile\" , \"value\" : { \"path\" : \"a\" } } \r\n\r\n"
            << QByteArrayList{"header t||", "delete a"};
        QTest::newRow("file as Python sends it")
            << lines(
                   {Header,
                    quoted(
                        R"({'key':'file','value':{'content':'aGVsbG8=','path':'a/b.txt','encoding':'base64'}})")})
            << QByteArrayList{"header t||", "file a/b.txt = hello"};
        QTest::newRow("file, keys turned round")
            << lines({Header,
                      quoted(
                          R"({'value':{'encoding':'base64','path':'a','content':'aGVsbG8='},'key':'file'})")})
            << QByteArrayList{"header t||", "file a = hello"};
        QTest::newRow("empty file")
            << lines({Header,
                      quoted(R"({'key':'file','value':{'content':'','path':'a','encoding':'base64'}})")})
            << QByteArrayList{"header t||", "file a = "};
        QTest::newRow("utf-8, encoding last")
            << lines(
                   {Header,
                    quoted(
                        R"({'key':'file','value':{'content':'gr\u00fc\u00df \ud83d\ude00\n','path':'a','encoding':'utf-8'}})")})
            << QByteArrayList{"header t||", "file a = gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80\n"};
        QTest::newRow("no encoding is utf-8")
            << lines({Header, quoted(R"({'key':'file','value':{'path':'a','content':'aGVsbG8='}})")})
            << QByteArrayList{"header t||", "file a = aGVsbG8="};
        QTest::newRow("escapes inside base64")
            << lines(
                   {Header,
                    quoted(
                        R"({'key':'file','value':{'content':'\/\/\/\/\u0061GVs\nbG8=\r\n','path':'a','encoding':'base64'}})")})
            << QByteArrayList{"header t||", "file a = \xff\xff\xffhello"};
        QTest::newRow("file with old path and content")
            << lines(
                   {Header,
                    quoted(
                        R"({'key':'file','value':{'content':'eA==','path':'new','oldPath':'old','encoding':'base64'}})")})
            << QByteArrayList{"header t||", "file new (was old) = x"};
        QTest::newRow("file with old path only")
            << lines({Header,
                      quoted(R"({'key':'file','value':{'content':null,'path':'new','oldPath':'old'}})")})
            << QByteArrayList{"header t||", "rename old -> new"};
        QTest::newRow("LFS file")
            << lines({Header, quoted(R"({'key':'lfsFile','value':{'path':'w.bin','algo':'sha256','oid':')") +
                                  oid + quoted(R"(','size':12}})")})
            << QByteArrayList{"header t||", "lfsFile w.bin " + oid + " 12"};
        QTest::newRow("LFS file, server-side copy")
            << lines({Header, quoted(R"({'key':'lfsFile','value':{'path':'w.bin','algo':'sha256','oid':')") +
                                  oid + quoted(R"('}})")})
            << QByteArrayList{"header t||", "lfsFile w.bin " + oid + " -1"};
        QTest::newRow("LFS file renamed")
            << lines({Header, quoted(R"({'key':'lfsFile','value':{'path':'b','oldPath':'a'}})")})
            << QByteArrayList{"header t||", "rename a -> b"};
        QTest::newRow("deleted folders")
            << lines({Header, quoted(R"({'key':'deletedFolder','value':{'path':'d/e/'}})"),
                      quoted(R"({'key':'deletedFolder','value':{'path':'f'}})"),
                      quoted(R"({'key':'deletedFile','value':{'path':'g/'}})")})
            << QByteArrayList{"header t||", "deleteFolder d/e", "deleteFolder f", "delete g"};
        QTest::newRow("copied file")
            << lines(
                   {Header,
                    quoted(R"({'key':'copyFile','value':{'path':'b','srcPath':'a','srcRevision':'main'}})")})
            << QByteArrayList{"header t||", "copy a@main -> b"};
        QTest::newRow("awkward path")
            << lines({Header, quoted(R"({'key':'deletedFile','value':{'path':'\u00e4 #%41?.txt'}})")})
            << QByteArrayList{"header t||", "delete \xc3\xa4 #%41?.txt"};
        QTest::newRow("unknown keys are skipped")
            << lines(
                   {Header,
                    quoted(
                        R"({'x':[{'path':'no','content':'no'}],'key':'deletedFile','y':{'value':{'path':'no'}},)") +
                        quoted(
                            R"('value':{'z':{'path':'no','deep':[[1,-2.5e3,true,null,'s']]},'path':'a'}})")})
            << QByteArrayList{"header t||", "delete a"};
    }
    void operations()
    {
        QFETCH(QByteArray, body);
        QFETCH(QByteArrayList, calls);
        for (const qsizetype step : {body.size(), qsizetype(1), qsizetype(2), qsizetype(7)}) {
            const Outcome outcome = parse(body, step);
            QVERIFY2(!outcome.error, outcome.error ? qPrintable(outcome.error->detail()) : "");
            QCOMPARE(outcome.calls, calls);
        }
    }

    void errors_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<QString>("part");
        const auto malformed = ErrorCode::Malformed;
        const auto second = [](const QByteArray& line) { return lines({Header, line}); };

        QTest::newRow("empty") << QByteArray() << malformed << "no header";
        QTest::newRow("blank") << QByteArray("\n\r\n") << malformed << "no header";
        QTest::newRow("no header") << lines({quoted(R"({'key':'deletedFile','value':{'path':'a'}})")})
                                   << malformed << "Line 1 of the commit: the first line must be the header";
        QTest::newRow("content before the header")
            << lines({quoted(R"({'key':'file','value':{'content':'eA==','path':'a'}})")}) << malformed
            << "Line 1";
        QTest::newRow("second header") << lines({Header, Header}) << malformed << "Line 2";
        QTest::newRow("header without summary")
            << lines({quoted(R"({'key':'header','value':{}})")}) << malformed << "summary";
        QTest::newRow("cut line") << Header.left(20) << malformed
                                  << "Line 1 of the commit: the JSON text is incomplete";
        QTest::newRow("line feed in a string")
            << second("{\"key\":\"deletedFile\",\"value\":{\"path\":\"a\nb\"}}") << malformed << "Line 2";
        QTest::newRow("two values in a line")
            << second("{\"key\":\"deletedFile\",\"value\":{\"path\":\"a\"}} {}") << malformed << "Line 2";
        QTest::newRow("line number counts empty lines") << Header + "\n\n\nx" << malformed << "Line 4";
        QTest::newRow("a list") << second("[]") << malformed << "not a JSON object";
        QTest::newRow("a string") << second("\"x\"") << malformed << "not a JSON object";
        QTest::newRow("a number") << second("1") << malformed << "not a JSON object";
        QTest::newRow("no value") << second(quoted(R"({'key':'deletedFile'})")) << malformed
                                  << "no \"value\"";
        QTest::newRow("value is a string")
            << second(quoted(R"({'key':'deletedFile','value':'a'})")) << malformed << "wrong kind";
        QTest::newRow("value is a list")
            << second(quoted(R"({'key':'deletedFile','value':['a']})")) << malformed << "wrong kind";
        QTest::newRow("value is null")
            << second(quoted(R"({'key':'deletedFile','value':null})")) << malformed << "wrong kind";
        QTest::newRow("no key") << second(quoted(R"({'value':{'path':'a'}})")) << malformed << "no \"key\"";
        QTest::newRow("unknown operation")
            << second(quoted(R"({'key':'chmod','value':{'path':'a'}})")) << malformed << "\"chmod\"";
        QTest::newRow("path is a number")
            << second(quoted(R"({'key':'deletedFile','value':{'path':1}})")) << malformed << "wrong kind";
        QTest::newRow("path is an object")
            << second(quoted(R"({'key':'deletedFile','value':{'path':{}}})")) << malformed << "wrong kind";
        QTest::newRow("content is a number")
            << second(quoted(R"({'key':'file','value':{'content':1,'path':'a'}})")) << malformed
            << "wrong kind";
        QTest::newRow("path twice") << second(
                                           quoted(R"({'key':'deletedFile','value':{'path':'a','path':'b'}})"))
                                    << malformed << "twice";
        QTest::newRow("content twice")
            << second(quoted(R"({'key':'file','value':{'content':'','content':'','path':'a'}})")) << malformed
            << "twice";
        QTest::newRow("value twice") << second(quoted(
                                            R"({'key':'deletedFile','value':{'path':'a'},'value':{}})"))
                                     << malformed << "twice";
        QTest::newRow("key twice") << second(quoted(
                                          R"({'key':'deletedFile','key':'file','value':{'path':'a'}})"))
                                   << malformed << "twice";
        QTest::newRow("file without content")
            << second(quoted(R"({'key':'file','value':{'path':'a'}})")) << malformed << "no content";
        QTest::newRow("content that is not base64")
            << second(quoted(R"({'key':'file','value':{'content':'a$==','path':'a','encoding':'base64'}})"))
            << malformed << "base64";
        QTest::newRow("cut base64")
            << second(quoted(R"({'key':'file','value':{'content':'aGVsb','path':'a','encoding':'base64'}})"))
            << malformed << "base64";
        QTest::newRow("unknown encoding")
            << second(quoted(R"({'key':'file','value':{'content':'x','path':'a','encoding':'latin1'}})"))
            << malformed << "encoding";
        QTest::newRow("content of a deletion")
            << second(quoted(R"({'key':'deletedFile','value':{'content':'x','path':'a'}})")) << malformed
            << "only a file";
        QTest::newRow("not UTF-8") << second("{\"key\":\"deletedFile\",\"value\":{\"path\":\"\xff\"}}")
                                   << malformed << "UTF-8";
        QTest::newRow("half a character")
            << second(quoted(R"({'key':'deletedFile','value':{'path':'\udc80'}})")) << malformed
            << "half a character";
        QTest::newRow("negative size") << second("{\"key\":\"lfsFile\",\"value\":{\"path\":\"a\",\"oid\":"
                                                 "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                                 "aaaaaaaaaaaaaaaa\",\"size\":-1}}")
                                       << malformed << "size";
        QTest::newRow("size is a string")
            << second(quoted(R"({'key':'lfsFile','value':{'path':'a','size':'1'}})")) << malformed
            << "wrong kind";
        QTest::newRow("bad oid") << second(quoted(
                                        R"({'key':'lfsFile','value':{'path':'a','oid':'abc','size':1}})"))
                                 << ErrorCode::InvalidHash << "SHA-256";
        QTest::newRow("other algorithm") << second("{\"key\":\"lfsFile\",\"value\":{\"path\":\"a\",\"algo\":"
                                                   "\"md5\",\"oid\":\"abc\",\"size\":1}}")
                                         << ErrorCode::Unsupported << "sha256";
        QTest::newRow("no path") << second(quoted(R"({'key':'deletedFile','value':{}})"))
                                 << ErrorCode::InvalidPath << "empty";
        QTest::newRow("root deleted") << second(quoted(R"({'key':'deletedFolder','value':{'path':'/'}})"))
                                      << ErrorCode::InvalidPath << "empty";
        QTest::newRow("dots") << second(quoted(R"({'key':'file','value':{'content':'','path':'../a'}})"))
                              << ErrorCode::InvalidPath << "'..'";
        QTest::newRow("backslash") << second(quoted(R"({'key':'deletedFile','value':{'path':'..\\ddd'}})"))
                                   << ErrorCode::InvalidPath << "backslash";
        QTest::newRow("NUL") << second(quoted(R"({'key':'deletedFile','value':{'path':'a\u0000b'}})"))
                             << ErrorCode::InvalidPath << "control";
        QTest::newRow("bad source path")
            << second(quoted(R"({'key':'copyFile','value':{'path':'a','srcPath':'/b'}})"))
            << ErrorCode::InvalidPath << "starts with";
        QTest::newRow("bad old path")
            << second(quoted(R"({'key':'file','value':{'path':'a','oldPath':'.git/config'}})"))
            << ErrorCode::InvalidPath << ".git";
        QTest::newRow("too much text beside the content")
            << "{\"key\":\"header\",\"value\":{\"summary\":\"" + QByteArray(CommitLine::MaxTextBytes, 'x') +
                   "\"}}"
            << malformed << "longer than";
        QTest::newRow("too deep") << second(qPrintable(QStringLiteral("{\"x\":") + QString(64, u'[') +
                                                       QString(64, u']') + u'}'))
                                  << malformed << "nested";
    }
    void errors()
    {
        QFETCH(QByteArray, body);
        QFETCH(ErrorCode, code);
        QFETCH(QString, part);
        for (const qsizetype step : {std::max(body.size(), qsizetype(1)), qsizetype(1), qsizetype(5)}) {
            const Outcome outcome = parse(body, step);
            QVERIFY(outcome.error);
            QCOMPARE(errorCodeName(outcome.error->code()), errorCodeName(code));
            QVERIFY2(outcome.error->detail().contains(part), qPrintable(outcome.error->detail()));
        }
    }

    /// Wherever a body is cut, what was understood so far is the start of what the whole one means.
    void cutAtEveryByte()
    {
        const QByteArray body =
            lines({Header,
                   quoted(R"({'key':'file','value':{'content':'aGVsbG8=','path':'a','encoding':'base64'}})"),
                   quoted(R"({'key':'deletedFile','value':{'path':'b'}})")});
        const QByteArrayList all = parse(body, body.size()).calls;
        QCOMPARE(all.size(), 3);
        int complete = 0;
        for (qsizetype length = 0; length <= body.size(); ++length) {
            const Outcome outcome = parse(body.left(length), 3);
            QCOMPARE(outcome.calls, all.first(outcome.calls.size()));
            complete += outcome.error ? 0 : 1;
        }
        // Complete are: each line with and without its line feed.
        QCOMPARE(complete, 6);
    }

    void contentIsStreamed_data()
    {
        QTest::addColumn<QByteArray>("start");
        QTest::addColumn<QByteArray>("end");
        QTest::addColumn<bool>("base64");
        QTest::newRow("base64, named first")
            << quoted(R"({'key':'file','value':{'path':'a','encoding':'base64','content':')")
            << quoted(R"('}})") << true;
        QTest::newRow("base64, named last") << quoted(R"({'key':'file','value':{'content':')")
                                            << quoted(R"(','path':'a','encoding':'base64'}})") << true;
        QTest::newRow("utf-8, named first")
            << quoted(R"({'key':'file','value':{'path':'a','encoding':'utf-8','content':')")
            << quoted(R"('}})") << false;
        QTest::newRow("utf-8, named last") << quoted(R"({'key':'file','value':{'content':'a b )")
                                           << quoted(R"(','path':'a','encoding':'utf-8'}})") << false;
    }
    void contentIsStreamed()
    {
        QFETCH(QByteArray, start);
        QFETCH(QByteArray, end);
        QFETCH(bool, base64);
        constexpr int Blocks = 96;
        const QByteArray block(512 * 1024, 'A'); // larger than the pieces it must leave in
        RecordingCommitSession session;
        session.keepsContent = false;
        NdjsonCommitParser parser(session);
        QVERIFY(parser.append(Header + '\n' + start));
        for (int i = 0; i < Blocks; ++i) {
            QVERIFY(parser.append(block));
            // What has not been handed on is bounded, not growing with the line.
            const qint64 text = qint64(i + 1) * block.size();
            QVERIFY(session.contentBytes >=
                    (base64 ? text / 4 * 3 : text) - 2 * CommitFileContent::MaxHeldBytes);
        }
        QVERIFY(parser.append(end));
        QVERIFY(parser.finish());
        const qint64 text = Blocks * block.size();
        QCOMPARE(session.contentBytes, base64 ? text / 4 * 3 : text + start.endsWith("a b ") * 4);
        QVERIFY(session.largestPiece <= CommitFileContent::MaxPieceBytes);
        QCOMPARE(session.calls.size(), 2);
    }

    void longContentMustBeWhatItLookedLike()
    {
        const QByteArray text(CommitFileContent::MaxHeldBytes + 4, 'A');
        const Outcome outcome = parse(Header + "\n{\"key\":\"file\",\"value\":{\"content\":\"" + text +
                                          "\",\"path\":\"a\",\"encoding\":\"utf-8\"}}",
                                      65536);
        QVERIFY(outcome.error);
        QCOMPARE(outcome.error->code(), ErrorCode::Malformed);
    }

    void sessionErrorsPassUnchanged()
    {
        RecordingCommitSession session;
        session.failAfterBytes = 2;
        NdjsonCommitParser parser(session);
        const auto result = parser.append(Header + "\n{\"key\":\"file\",\"value\":{\"encoding\":\"base64\","
                                                   "\"content\":\"aGVsbG8=\",\"path\":\"a\"}}\n");
        QVERIFY(!result);
        QCOMPARE(result.error().code(), ErrorCode::NoSpace);
        QCOMPARE(result.error().detail(), QStringLiteral("append failed"));
    }

    void linesAreCounted()
    {
        RecordingCommitSession session;
        NdjsonCommitParser parser(session);
        QVERIFY(parser.append(Header + '\n'));
        const QByteArray emptyLines(64 * 1024, '\n');
        Result<void> result;
        qint64 sent = 1;
        for (; result && sent <= NdjsonCommitParser::MaxLines; sent += emptyLines.size())
            result = parser.append(emptyLines);
        QVERIFY(!result);
        QCOMPARE(result.error().code(), ErrorCode::TooLarge);
    }
};

QTEST_GUILESS_MAIN(NdjsonCommitParserTest)
#include "tst_ndjsoncommitparser.moc"
