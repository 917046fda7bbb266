// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/reconstructionjson.h"

#include "tests/core/api/hub/quoted.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace hublet;
using namespace hublet::api::cas;
using hublet::service::Xet;

class TestReconstructionJson : public QObject {
    Q_OBJECT

    using Form = ReconstructionJson::Form;

    static XetHash hash(char digit) { return *XetHash::fromText(QByteArray(64, digit)); }
    static QByteArray url(const XetHash& xorb, const ByteRange& bytes)
    {
        return "http://h/" + xorb.toText().first(1) + QByteArray::number(bytes.first);
    }
    /// Two files, the second one with `count` terms, over two xorbs.
    static Xet::Plan plan(std::size_t count)
    {
        Xet::Plan plan;
        plan.files = {{hash('1'), 1}, {hash('2'), count}};
        plan.chunks.offsetIntoFirstRange = 7;
        plan.chunks.terms.push_back({hash('a'), 3, 5, 900});
        for (std::size_t i = 0; i < count; ++i)
            plan.chunks.terms.push_back({hash('b'), quint32(i), quint32(i + 1), 100});
        plan.chunks.xorbs = {{hash('a'), {{3, 5, {10, 99}}, {8, 9, {200, 299}}}},
                             {hash('b'), {{0, quint32(count), {0, 5000}}}}};
        return plan;
    }
    static QByteArray whole(ReconstructionJson json)
    {
        QByteArray text;
        while (!json.isDone())
            text += json.next();
        return json.next().isEmpty() ? text : QByteArray("more after the end");
    }
    static QByteArray term(char xorb, int start, int end, int bytes)
    {
        return api::test::quoted("{'hash':'") + QByteArray(64, xorb) +
               api::test::quoted("','unpacked_length':") + QByteArray::number(bytes) +
               api::test::quoted(",'range':{'start':") + QByteArray::number(start) +
               api::test::quoted(",'end':") + QByteArray::number(end) + "}}";
    }

private slots:
    void writesEachForm_data()
    {
        QTest::addColumn<int>("form");
        QTest::addColumn<QByteArray>("text");
        const QByteArray a(64, 'a');
        const QByteArray b(64, 'b');
        const QByteArray first = term('a', 3, 5, 900);
        const QByteArray second = term('b', 0, 1, 100);
        const QByteArray offset = api::test::quoted("{'offset_into_first_range':7,'terms':[");
        const QByteArray one = api::test::quoted(
            "{'A':[{'range':{'start':3,'end':5},'url':'http://h/a10','url_range':{'start':10,'end':99}},"
            "{'range':{'start':8,'end':9},'url':'http://h/a200','url_range':{'start':200,'end':299}}],"
            "'B':[{'range':{'start':0,'end':1},'url':'http://h/b0','url_range':{'start':0,'end':5000}}]}");
        const QByteArray two =
            api::test::quoted("{'A':[{'url':'http://h/a10','ranges':[{'chunks':{'start':3,'end':5},"
                              "'bytes':{'start':10,'end':99}}]},"
                              "{'url':'http://h/a200','ranges':[{'chunks':{'start':8,'end':9},"
                              "'bytes':{'start':200,'end':299}}]}],"
                              "'B':[{'url':'http://h/b0','ranges':[{'chunks':{'start':0,'end':1},"
                              "'bytes':{'start':0,'end':5000}}]}]}");
        const auto named = [&](QByteArray json) { return json.replace('A', a).replace('B', b); };
        QTest::newRow("v1") << int(Form::V1)
                            << QByteArray(offset + first + ',' + second + "],\"fetch_info\":" + named(one) +
                                          '}');
        QTest::newRow("v2") << int(Form::V2)
                            << QByteArray(offset + first + ',' + second + "],\"xorbs\":" + named(two) + '}');
        QTest::newRow("batch") << int(Form::Batch)
                               << QByteArray("{\"files\":{\"" + QByteArray(64, '1') + "\":[" + first +
                                             "],\"" + QByteArray(64, '2') + "\":[" + second +
                                             "]},\"fetch_info\":" + named(one) + '}');
    }
    void writesEachForm()
    {
        QFETCH(int, form);
        QFETCH(QByteArray, text);
        Xet::Plan both = plan(1);
        if (Form(form) != Form::Batch)
            both.files = {{hash('1'), 2}};
        QCOMPARE(whole(ReconstructionJson(Form(form), std::move(both), url)), text);
    }

    void emptyPlans()
    {
        Xet::Plan nothing;
        QCOMPARE(whole(ReconstructionJson(Form::Batch, nothing, url)),
                 api::test::quoted("{'files':{},'fetch_info':{}}"));
        nothing.files = {{hash('1'), 0}};
        QCOMPARE(whole(ReconstructionJson(Form::V1, nothing, url)),
                 api::test::quoted("{'offset_into_first_range':0,'terms':[],'fetch_info':{}}"));
    }

    void piecesAreSmall()
    {
        constexpr std::size_t Count = 20'000;
        ReconstructionJson json(Form::Batch, plan(Count), url);
        QByteArray text;
        int pieces = 0;
        while (!json.isDone()) {
            const QByteArray piece = json.next();
            QVERIFY(piece.size() < ReconstructionJson::PieceBytes + 1000);
            text += piece;
            ++pieces;
        }
        QVERIFY(pieces > 5);
        const QJsonObject files = QJsonDocument::fromJson(text).object().value(u"files").toObject();
        QCOMPARE(files.value(QString(64, u'2')).toArray().size(), qsizetype(Count));
    }
};

QTEST_APPLESS_MAIN(TestReconstructionJson)
#include "tst_reconstructionjson.moc"
