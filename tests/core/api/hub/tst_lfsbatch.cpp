// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/lfsbatch.h"
#include "tests/core/api/hub/quoted.h"

#include <QJsonDocument>
#include <QTest>

using namespace hublet;
using namespace hublet::api;
using hublet::api::test::quoted;

namespace {

QJsonObject object(const QByteArray& json)
{
    const QJsonDocument document = QJsonDocument::fromJson(json);
    Q_ASSERT(document.isObject());
    return document.object();
}

} // namespace

class LfsBatchTest : public QObject {
    Q_OBJECT

private slots:
    void asPythonSendsIt()
    {
        const auto request = LfsBatchRequest::parse(object(
            quoted(
                R"({'operation':'upload','transfers':['basic','multipart'],'objects':[{'oid':'ab','size':5368709121}],)") +
            quoted(R"('hash_algo':'sha256','ref':{'name':'main'}})")));
        QVERIFY(request);
        QVERIFY(request->operation == LfsBatchRequest::Operation::Upload);
        QVERIFY(request->acceptsMultipart);
        QCOMPARE(request->objects.size(), 1U);
        QCOMPARE(request->objects[0].oid, QByteArray("ab"));
        QCOMPARE(request->objects[0].size, 5368709121);
    }

    void asGitLfsSendsIt()
    {
        const auto request = LfsBatchRequest::parse(object(quoted(
            R"({'operation':'download','transfers':['lfs-standalone-file','basic','ssh'],'objects':[]})")));
        QVERIFY(request);
        QVERIFY(request->operation == LfsBatchRequest::Operation::Download);
        QVERIFY(!request->acceptsMultipart);
        QVERIFY(request->objects.empty());
    }

    void refused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<ErrorCode>("code");
        const auto malformed = ErrorCode::Malformed;
        QTest::newRow("no operation") << QByteArray("{}") << malformed;
        QTest::newRow("other operation") << quoted(R"({'operation':'delete'})") << ErrorCode::Unsupported;
        QTest::newRow("objects not a list") << quoted(R"({'operation':'upload','objects':{}})") << malformed;
        QTest::newRow("object not an object")
            << quoted(R"({'operation':'upload','objects':['x']})") << malformed;
        QTest::newRow("oid not a string")
            << quoted(R"({'operation':'upload','objects':[{'oid':1,'size':1}]})") << malformed;
        QTest::newRow("no size") << quoted(R"({'operation':'upload','objects':[{'oid':'a'}]})") << malformed;
        QTest::newRow("negative size")
            << quoted(R"({'operation':'upload','objects':[{'oid':'a','size':-1}]})") << malformed;
        QTest::newRow("fractional size")
            << quoted(R"({'operation':'upload','objects':[{'oid':'a','size':1.5}]})") << malformed;
        QTest::newRow("absurd size") << QByteArray(quoted(
                                            R"({'operation':'upload','objects':[{'oid':'a','size':1e300}]})"))
                                     << malformed;
        QByteArrayList objects;
        for (qsizetype i = 0; i <= LfsBatchRequest::MaxObjects; ++i)
            objects.append(quoted(R"({'oid':'a','size':1})"));
        QTest::newRow("too many") << quoted(R"({'operation':'upload','objects':[)") + objects.join(',') + "]}"
                                  << ErrorCode::TooLarge;
    }
    void refused()
    {
        QFETCH(QByteArray, json);
        QFETCH(ErrorCode, code);
        const auto request = LfsBatchRequest::parse(object(json));
        QVERIFY(!request);
        QCOMPARE(errorCodeName(request.error().code()), errorCodeName(code));
    }

    void completion()
    {
        const Sha256 oid = *Sha256::fromHex(QByteArray(64, 'a'));
        const auto parts = parseLfsCompletion(
            object(quoted(R"({'oid':')") + QByteArray(64, 'A') +
                   quoted(R"(','parts':[{'partNumber':2,'etag':'\'x\''},{'partNumber':1,'etag':'y'}]})")),
            oid);
        QVERIFY(parts);
        QCOMPARE(parts->size(), 2U);
        QCOMPARE((*parts)[0].number, 2);
        QCOMPARE((*parts)[0].etag, QByteArray("x"));
        QCOMPARE((*parts)[1].etag, QByteArray("y"));
    }

    void completionRefused_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("other oid") << quoted(R"({'oid':'bb','parts':[]})") << ErrorCode::InvalidHash;
        QTest::newRow("oid not a string") << quoted(R"({'oid':1,'parts':[]})") << ErrorCode::Malformed;
        QTest::newRow("part 0") << quoted(R"({'parts':[{'partNumber':0,'etag':'x'}]})")
                                << ErrorCode::Malformed;
        QTest::newRow("part 10,001") << quoted(R"({'parts':[{'partNumber':10001,'etag':'x'}]})")
                                     << ErrorCode::Malformed;
        QTest::newRow("no etag") << quoted(R"({'parts':[{'partNumber':1}]})") << ErrorCode::Malformed;
        QTest::newRow("parts not a list") << quoted(R"({'parts':1})") << ErrorCode::Malformed;
    }
    void completionRefused()
    {
        QFETCH(QByteArray, json);
        QFETCH(ErrorCode, code);
        const auto parts = parseLfsCompletion(object(json), *Sha256::fromHex(QByteArray(64, 'a')));
        QVERIFY(!parts);
        QCOMPARE(errorCodeName(parts.error().code()), errorCodeName(code));
    }

    void cutting_data()
    {
        QTest::addColumn<qint64>("size");
        QTest::addColumn<qint64>("wanted");
        QTest::addColumn<qint64>("partBytes");
        QTest::addColumn<qint64>("count");
        QTest::newRow("nothing") << qint64(0) << qint64(10) << qint64(0) << qint64(0);
        QTest::newRow("one byte") << qint64(1) << qint64(10) << qint64(10) << qint64(1);
        QTest::newRow("exact") << qint64(30) << qint64(10) << qint64(10) << qint64(3);
        QTest::newRow("one more") << qint64(31) << qint64(10) << qint64(10) << qint64(4);
        QTest::newRow("most parts") << qint64(100'000) << qint64(10) << qint64(10) << qint64(10'000);
        QTest::newRow("larger parts") << qint64(100'001) << qint64(10) << qint64(11) << qint64(9'091);
    }
    void cutting()
    {
        QFETCH(qint64, size);
        QFETCH(qint64, wanted);
        const LfsParts parts = LfsParts::cut(size, wanted);
        QTEST(parts.partBytes, "partBytes");
        QTEST(parts.count, "count");
        QVERIFY(parts.count <= LfsParts::MaxParts);
    }
};

QTEST_GUILESS_MAIN(LfsBatchTest)
#include "tst_lfsbatch.moc"
