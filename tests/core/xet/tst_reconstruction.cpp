// SPDX-License-Identifier: Apache-2.0
#include "core/xet/chunkrecord.h"
#include "core/xet/keyedhash.h"
#include "core/xet/reconstruction.h"
#include "core/xet/requestranges.h"
#include "xetfixture.h"

#include <QTest>

#include <map>

using namespace hublet;
using namespace hublet::xet;

namespace {

/// Xorbs in memory, with every chunk's bytes.
class Xorbs : public XorbOffsets {
public:
    XetHash add(const char* name, std::vector<QByteArray> chunks)
    {
        const XetHash hash = chunkHash(name);
        m_xorbs[hash] = std::move(chunks);
        return hash;
    }
    const std::vector<QByteArray>& chunks(const XetHash& xorb) const { return m_xorbs.at(xorb); }
    Term term(const XetHash& xorb, quint32 start, quint32 end) const
    {
        return {xorb, start, end, quint32(bytes(xorb, start, end).size())};
    }
    QByteArray bytes(const XetHash& xorb, quint32 start, quint32 end) const
    {
        QByteArray bytes;
        for (quint32 i = start; i < end; ++i)
            bytes += m_xorbs.at(xorb)[i];
        return bytes;
    }
    /// The xorb as clients see it: all chunk records.
    QByteArray records(const XetHash& xorb) const { return xorbBody(m_xorbs.at(xorb), Scheme::None); }

    Result<qint64> rawOffset(const XetHash& xorb, quint32 index) override
    {
        const auto found = m_xorbs.find(xorb);
        if (found == m_xorbs.end())
            return fail(ErrorCode::NotFound, QStringLiteral("There is no such xorb."));
        if (index > found->second.size())
            return fail(ErrorCode::Corrupt, QStringLiteral("The xorb has fewer chunks."));
        return bytes(xorb, 0, index).size();
    }

private:
    std::map<XetHash, std::vector<QByteArray>> m_xorbs;
};

/// The example of the tests: one xorb of five chunks, one of three.
struct Example {
    Xorbs xorbs;
    XetHash a = xorbs.add("a", {"aaaa", "bb", "cccccc", "d", "eeeee"});
    XetHash b = xorbs.add("b", {"XXX", "YYYY", "ZZ"});
    // aaaabbcccccc XXXYYYY deeeee cccccc
    std::vector<Term> terms{xorbs.term(a, 0, 3), xorbs.term(b, 0, 2), xorbs.term(a, 3, 5),
                            xorbs.term(a, 2, 3)};
};

/// Does what a client does, and fails where a client would. Returns nothing then.
QByteArray reconstruct(const Reconstruction& plan, const Xorbs& xorbs, qint64 size)
{
    QByteArray bytes;
    for (const Term& term : plan.terms) {
        const auto xorb = std::ranges::find(plan.xorbs, term.xorb, &Reconstruction::Xorb::hash);
        if (xorb == plan.xorbs.end())
            return {};
        const auto range = std::ranges::find_if(xorb->ranges, [&](const Reconstruction::Range& range) {
            return range.chunkStart <= term.chunkStart && term.chunkEnd <= range.chunkEnd;
        });
        if (range == xorb->ranges.end())
            return {};
        const QByteArray fetched = xorbs.records(term.xorb).mid(range->bytes.first, range->bytes.length());
        QByteArrayView records(fetched);
        QByteArray raw;
        for (quint32 i = range->chunkStart; i < range->chunkEnd; ++i) {
            const auto header = RecordHeader::parse(records);
            if (!header)
                return {};
            if (i >= term.chunkStart && i < term.chunkEnd)
                raw += records.sliced(RecordHeader::Size, header->storedBytes);
            records = records.sliced(RecordHeader::Size + header->storedBytes);
        }
        if (!records.isEmpty() || raw.size() != term.bytes)
            return {};
        bytes += raw;
    }
    return bytes.mid(plan.offsetIntoFirstRange, size);
}

} // namespace

class TestReconstruction : public QObject {
    Q_OBJECT

private slots:
    void rangeHeaders_data();
    void rangeHeaders();
    void badRangeHeaders_data();
    void badRangeHeaders();
    void wholeFile();
    void trimsBothEnds();
    void partInsideOneChunk();
    void repeatedTermsShareARange();
    void everyPartOfTheExample();
    void randomFiles();
    void refusesContradictions();
    void refusesPartsBeyondTheEnd();
};

void TestReconstruction::rangeHeaders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<std::optional<ByteRange>>("range");
    const auto add = [](const char* header, qint64 size, std::optional<ByteRange> range) {
        QTest::addRow("'%s' of %lld", header, qlonglong(size)) << QByteArray(header) << size << range;
    };
    add("", 100, ByteRange{0, 99});
    add("", 0, std::nullopt);
    add("bytes=0-0", 100, ByteRange{0, 0});
    add("bytes=10-19", 100, ByteRange{10, 19});
    add("10-19", 100, ByteRange{10, 19}); // clients of the 1.0 series
    add("bytes=99-99", 100, ByteRange{99, 99});
    add("bytes=0-268435455", 100, ByteRange{0, 99});
    add("bytes=5-18446744073709551614", 100, ByteRange{5, 99});
    add("bytes=5-99999999999999999999999999", 100, ByteRange{5, 99});
    add("bytes=7-", 100, ByteRange{7, 99});
    add("bytes=0-", 0, std::nullopt);
    add("bytes=0-10", 0, std::nullopt);
    add("bytes=007-0000000000000000000000009", 100, ByteRange{7, 9});
}

void TestReconstruction::rangeHeaders()
{
    QFETCH(QByteArray, header);
    QFETCH(qint64, size);
    QFETCH(std::optional<ByteRange>, range);
    const auto parsed = parseReconstructionRange(header, size);
    QVERIFY(parsed);
    QVERIFY(*parsed == range);
}

void TestReconstruction::badRangeHeaders_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<qint64>("size");
    QTest::addColumn<ErrorCode>("code");
    for (const char* header : {"bytes=", "-", "bytes=-", "bytes=-5", "bytes=5", "bytes=9-8", "bytes=1-2,4-5",
                               "bytes=1-2 ", "bytes= 1-2", "bytes=+1-2", "bytes=1--2", "bytes=a-b",
                               "bytes=0x1-2", "items=1-2", "BYTES", "bytes=1-2-3"})
        QTest::addRow("'%s'", header) << QByteArray(header) << qint64(100) << ErrorCode::InvalidArgument;
    const auto addLate = [](const char* header, qint64 size) {
        QTest::addRow("'%s' of %lld", header, qlonglong(size))
            << QByteArray(header) << size << ErrorCode::RangeNotSatisfiable;
    };
    addLate("bytes=100-200", 100);
    addLate("bytes=100-", 100);
    addLate("bytes=1-1", 0);
    addLate("bytes=18446744073709551616-18446744073709551617", 100);
}

void TestReconstruction::badRangeHeaders()
{
    QFETCH(QByteArray, header);
    QFETCH(qint64, size);
    QFETCH(ErrorCode, code);
    const auto parsed = parseReconstructionRange(header, size);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().code(), code);
}

void TestReconstruction::wholeFile()
{
    Example example;
    const auto plan = planReconstruction(example.terms, {0, 30}, example.xorbs);
    QVERIFY(plan);
    QCOMPARE(plan->offsetIntoFirstRange, 0);
    QVERIFY(plan->terms == example.terms);
    QCOMPARE(plan->xorbs.size(), std::size_t(2));
    QVERIFY(plan->xorbs[0].hash < plan->xorbs[1].hash);
    for (const auto& xorb : plan->xorbs) {
        // Three terms of the first xorb become one range; the unused end of the second is not fetched.
        const Reconstruction::Range expected = xorb.hash == example.a
                                                   ? Reconstruction::Range{0, 5, {0, 18 + 40 - 1}}
                                                   : Reconstruction::Range{0, 2, {0, 7 + 16 - 1}};
        QVERIFY(xorb.ranges == std::vector{expected});
    }
}

void TestReconstruction::trimsBothEnds()
{
    Example example;
    // From the second b to the first Y.
    const auto plan = planReconstruction(example.terms, {5, 15}, example.xorbs);
    QVERIFY(plan);
    QCOMPARE(plan->offsetIntoFirstRange, 1);
    QVERIFY((plan->terms == std::vector<Term>{{example.a, 1, 3, 8}, {example.b, 0, 2, 7}}));
    const auto a = std::ranges::find(plan->xorbs, example.a, &Reconstruction::Xorb::hash);
    // "bb" begins after "aaaa" and its header.
    QVERIFY((a->ranges == std::vector<Reconstruction::Range>{{1, 3, {12, 12 + 8 + 16 - 1}}}));
}

void TestReconstruction::partInsideOneChunk()
{
    Example example;
    const auto plan = planReconstruction(example.terms, {8, 9}, example.xorbs);
    QVERIFY(plan);
    QCOMPARE(plan->offsetIntoFirstRange, 2);
    QVERIFY((plan->terms == std::vector<Term>{{example.a, 2, 3, 6}}));
    QVERIFY((plan->xorbs == std::vector<Reconstruction::Xorb>{{example.a, {{2, 3, {22, 35}}}}}));
}

void TestReconstruction::repeatedTermsShareARange()
{
    Example example;
    const std::vector<Term> terms{example.xorbs.term(example.a, 4, 5), example.xorbs.term(example.a, 0, 1),
                                  example.xorbs.term(example.a, 4, 5), example.xorbs.term(example.a, 0, 2),
                                  example.xorbs.term(example.a, 1, 3)};
    const auto plan = planReconstruction(terms, {0, 27}, example.xorbs);
    QVERIFY(plan);
    QVERIFY(plan->terms == terms);
    QVERIFY(
        (plan->xorbs == std::vector<Reconstruction::Xorb>{{example.a, {{0, 3, {0, 35}}, {4, 5, {45, 57}}}}}));
}

void TestReconstruction::everyPartOfTheExample()
{
    Example example;
    const QByteArray file = "aaaabbccccccXXXYYYYdeeeeecccccc";
    for (qint64 first = 0; first < file.size(); ++first) {
        for (qint64 last = first; last < file.size(); ++last) {
            const auto plan = planReconstruction(example.terms, {first, last}, example.xorbs);
            QVERIFY(plan);
            const Term& front = plan->terms.front();
            QVERIFY(plan->offsetIntoFirstRange < example.xorbs.chunks(front.xorb)[front.chunkStart].size());
            QCOMPARE(reconstruct(*plan, example.xorbs, last - first + 1), file.mid(first, last - first + 1));
        }
    }
}

void TestReconstruction::randomFiles()
{
    std::mt19937 random(1);
    const auto below = [&](quint32 limit) {
        return std::uniform_int_distribution<quint32>(0, limit - 1)(random);
    };
    for (int round = 0; round < 200; ++round) {
        Xorbs xorbs;
        std::vector<XetHash> hashes;
        for (const char* name : {"one", "two", "three"}) {
            std::vector<QByteArray> chunks(1 + below(20));
            for (QByteArray& chunk : chunks)
                chunk = splitMix(random(), 1 + below(9));
            hashes.push_back(xorbs.add(name, std::move(chunks)));
        }
        std::vector<Term> terms(1 + below(12));
        QByteArray file;
        for (Term& term : terms) {
            const XetHash& xorb = hashes[below(3)];
            const quint32 start = below(quint32(xorbs.chunks(xorb).size()));
            term = xorbs.term(xorb, start, start + 1 + below(quint32(xorbs.chunks(xorb).size()) - start));
            file += xorbs.bytes(xorb, term.chunkStart, term.chunkEnd);
        }
        const qint64 first = below(quint32(file.size()));
        const qint64 size = 1 + below(quint32(file.size() - first));
        const auto plan = planReconstruction(terms, {first, first + size - 1}, xorbs);
        QVERIFY(plan);
        QCOMPARE(reconstruct(*plan, xorbs, size), file.mid(first, size));
        QVERIFY(*plan == *planReconstruction(terms, {first, first + size - 1}, xorbs));
        for (const auto& xorb : plan->xorbs) {
            for (std::size_t i = 1; i < xorb.ranges.size(); ++i)
                QVERIFY(xorb.ranges[i - 1].chunkEnd < xorb.ranges[i].chunkStart);
            QVERIFY(
                std::ranges::any_of(plan->terms, [&](const Term& term) { return term.xorb == xorb.hash; }));
        }
    }
}

void TestReconstruction::refusesContradictions()
{
    Example example;
    std::vector<Term> terms = example.terms;
    terms[1].bytes += 1;
    QCOMPARE(planReconstruction(terms, {0, 25}, example.xorbs).error().code(), ErrorCode::Corrupt);
    terms = example.terms;
    terms[1].chunkEnd = 4;
    QCOMPARE(planReconstruction(terms, {0, 25}, example.xorbs).error().code(), ErrorCode::Corrupt);
    terms[1].xorb = chunkHash("another");
    QCOMPARE(planReconstruction(terms, {0, 25}, example.xorbs).error().code(), ErrorCode::NotFound);
    // Terms outside the part are not looked up.
    QVERIFY(planReconstruction(terms, {0, 11}, example.xorbs));
}

void TestReconstruction::refusesPartsBeyondTheEnd()
{
    Example example;
    for (const ByteRange part : {ByteRange{0, 31}, ByteRange{31, 31}, ByteRange{1000, 2000}})
        QCOMPARE(planReconstruction(example.terms, part, example.xorbs).error().code(),
                 ErrorCode::RangeNotSatisfiable);
    QVERIFY(!planReconstruction({}, {0, 0}, example.xorbs));
}

QTEST_GUILESS_MAIN(TestReconstruction)
#include "tst_reconstruction.moc"
