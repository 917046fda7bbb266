// SPDX-License-Identifier: Apache-2.0
#include "core/xet/inplaceedit.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merkletree.h"
#include "core/xet/requestranges.h"
#include "core/xet/xetlimits.h"
#include "subtreejoin.h"
#include "xetfixture.h"

#include <QTest>

#include <unordered_map>

using namespace hublet;
using namespace hublet::xet;

namespace {

using Chunks = std::vector<Chunk>;
using Window = InPlaceEdit::Window;

constexpr qsizetype MiB = 1024 * 1024;

Chunks cut(QByteArrayView bytes, quint32 shortest = MinChunkBytes)
{
    Chunks chunks;
    qsizetype begin = 0;
    for (const qsizetype end : endsByTheRule(bytes, shortest)) {
        chunks.push_back({chunkHash(bytes.sliced(begin, end - begin)), quint32(end - begin)});
        begin = end;
    }
    return chunks;
}

qint64 bytesOf(std::span<const Chunk> chunks)
{
    qint64 bytes = 0;
    for (const Chunk& chunk : chunks)
        bytes += chunk.bytes;
    return bytes;
}

/// A file as it is stored: in terms of random size, each a xorb of its own.
class StoredFile : public TermChunks {
public:
    StoredFile(const Chunks& chunks, std::size_t mostInTerm, std::mt19937& random)
    {
        for (std::size_t i = 0; i < chunks.size();) {
            const std::size_t size = std::min<std::size_t>(chunks.size() - i, random() % mostInTerm + 1);
            const auto begin = chunks.begin() + std::ptrdiff_t(i);
            addTerm({begin, begin + std::ptrdiff_t(size)});
            i += size;
        }
    }

    void addTerm(Chunks chunks)
    {
        const XetHash xorb = chunkHash(QByteArray::number(qint64(terms.size())));
        terms.push_back({xorb, 0, quint32(chunks.size()), quint32(bytesOf(chunks))});
        m_xorbs.emplace(xorb, std::move(chunks));
    }

    Result<std::span<const Chunk>> chunks(const Term& term) override { return m_xorbs.at(term.xorb); }

    [[nodiscard]] const Chunks& chunksOf(std::size_t term) const { return m_xorbs.at(terms[term].xorb); }
    [[nodiscard]] std::vector<qint64> ends() const
    {
        std::vector<qint64> ends{0};
        for (const Term& term : terms)
            ends.push_back(ends.back() + term.bytes);
        return ends;
    }

    std::vector<Term> terms;

private:
    std::unordered_map<XetHash, Chunks> m_xorbs;
};

/// Bytes [begin, end) of a file replaced by others.
struct Edit {
    qsizetype begin = 0;
    qsizetype end = 0;
    QByteArray bytes;
};

/// As clients do: what an edit touches, widened to terms.
QByteArray dirtyHeader(const std::vector<Edit>& edits, const StoredFile& file, bool widened)
{
    const std::vector<qint64> ends = file.ends();
    QByteArray header = "bytes=";
    for (const Edit& edit : edits) {
        qint64 first = std::min<qint64>(edit.begin, ends.back() - 1);
        qint64 last = std::max<qint64>(first, edit.end - 1);
        if (widened) {
            first = *(std::ranges::upper_bound(ends, first) - 1);
            last = *std::ranges::upper_bound(ends, last) - 1;
        }
        if (!header.endsWith('='))
            header += ',';
        header += QByteArray::number(first) + '-' + QByteArray::number(last);
    }
    return header;
}

QByteArray apply(QByteArray bytes, const std::vector<Edit>& edits)
{
    for (auto edit = edits.rbegin(); edit != edits.rend(); ++edit)
        bytes.replace(edit->begin, edit->end - edit->begin, edit->bytes);
    return bytes;
}

struct Edited {
    Chunks chunks;
    XetHash file;
};

/// What a client makes of the answer: reads and cuts nothing but the windows.
Edited editInPlace(const QByteArray& bytes, const std::vector<Edit>& edits, const InPlaceEdit& plan,
                   const StoredFile& file, quint32 shortest)
{
    Edited result;
    std::optional<MerkleSubtree> whole;
    const auto join = [&](const MerkleSubtree& run) { whole = whole ? joined(*whole, run) : run; };
    std::size_t term = 0;
    std::size_t gapTerm = 0;
    std::size_t edit = 0;
    for (std::size_t i = 0; i < plan.gaps.size(); ++i) {
        const bool last = i == plan.windows.size();
        const std::size_t gapEnd = last ? file.terms.size() : plan.windows[i].firstTerm;
        if (plan.gaps[i].has_value() != (term < gapEnd))
            return {}; // nothing is said of an empty gap
        if (plan.gaps[i])
            join(*plan.gaps[i]);
        for (; term < gapEnd; ++term, ++gapTerm) {
            const Chunks& kept = file.chunksOf(term);
            if (gapTerm >= plan.gapTerms.size() || plan.gapTerms[gapTerm] != rangeHash(kept))
                return {};
            result.chunks.insert(result.chunks.end(), kept.begin(), kept.end());
        }
        if (last)
            break;
        const Window& window = plan.windows[i];
        QByteArray content;
        qsizetype at = window.begin;
        const auto isInside = [&](const Edit& next) {
            return next.begin < window.end || (next.begin == window.end && window.end == bytes.size());
        };
        for (; edit < edits.size() && isInside(edits[edit]); ++edit) {
            if (edits[edit].begin < at || edits[edit].end > window.end)
                return {};
            content += bytes.mid(at, edits[edit].begin - at) + edits[edit].bytes;
            at = edits[edit].end;
        }
        content += bytes.mid(at, window.end - at);
        const Chunks chunks = cut(content, shortest);
        result.chunks.insert(result.chunks.end(), chunks.begin(), chunks.end());
        MerkleSubtreeBuilder run(i == 0 && !plan.gaps.front());
        for (const Chunk& chunk : chunks)
            run.add(chunk);
        const bool atEnd = i + 1 == plan.windows.size() && !plan.gaps.back();
        const bool atStart = i == 0 && !plan.gaps.front();
        join(run.finish(atEnd).value_or(MerkleSubtree{{}, atStart, atEnd}));
        term = window.endTerm;
    }
    if (edit != edits.size() || gapTerm != plan.gapTerms.size())
        return {};
    result.file = result.chunks.empty() ? XetHash() : saltedRoot(rootOf(*whole));
    return result;
}

XetHash fileHashOf(const Chunks& chunks)
{
    MerkleTree tree;
    tree.add(chunks);
    return tree.fileHash();
}

std::vector<Edit> randomEdits(qsizetype size, std::mt19937& random)
{
    std::vector<qsizetype> places;
    const std::size_t count = random() % 4 + 1;
    for (std::size_t i = 0; i < 2 * count; ++i)
        places.push_back(qsizetype(random() % quint64(size + 1)));
    std::ranges::sort(places);
    std::vector<Edit> edits;
    for (std::size_t i = 0; i < count; ++i) {
        const qsizetype begin = places[2 * i];
        // Few bytes, many bytes, none.
        const qsizetype end =
            random() % 3 == 0 ? places[2 * i + 1]
                              : std::min<qsizetype>(begin + qsizetype(random() % 2000), places[2 * i + 1]);
        const QByteArray bytes = splitMix(random(), qsizetype(random() % 3 * (random() % 40'000)));
        edits.push_back({begin, end, bytes});
    }
    return edits;
}

} // namespace

class TestInPlaceEdit : public QObject {
    Q_OBJECT

private slots:
    void givesTheHashOfTheWholeFile_data();
    void givesTheHashOfTheWholeFile();
    void ends_data();
    void ends();
    void olderClientsArriveToo_data();
    void olderClientsArriveToo();
    void windows_data();
    void windows();
    void whatBringsBack_data();
    void whatBringsBack();
    void dirtyNeighboursDoNotCount();
    void tellsTheSizes();
    void refusesWhatWouldBeTooLong();
    void passesErrorsOn();
};

namespace {

QByteArray content(const QByteArray& kind, qsizetype size, quint64 seed)
{
    if (kind == "random")
        return splitMix(seed, size);
    if (kind == "few values")
        return lowEntropy(seed, size, 3);
    if (kind == "constant")
        return QByteArray(size, 'x');
    if (kind == "period")
        return splitMix(seed, 30'011).repeated(size / 30'011 + 1).first(size);
    return splitMix(seed, size / 3) + QByteArray(size / 3, '\0') + splitMix(seed + 1, size - size / 3 * 2);
}

} // namespace

void TestInPlaceEdit::givesTheHashOfTheWholeFile_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<std::size_t>("mostInTerm");
    for (const char* kind : {"random", "few values", "constant", "period", "hole"}) {
        for (const std::size_t most : {1, 4, 40})
            QTest::addRow("%s, terms of up to %zu", kind, most) << QByteArray(kind) << 4 * MiB << most;
    }
    for (const qsizetype size : {1, 100, 8192, 100'000, 300'000})
        QTest::addRow("%lld bytes", qlonglong(size)) << QByteArray("random") << size << std::size_t(3);
}

void TestInPlaceEdit::givesTheHashOfTheWholeFile()
{
    QFETCH(QByteArray, kind);
    QFETCH(qsizetype, size);
    QFETCH(std::size_t, mostInTerm);
    std::mt19937 random(quint32(size) + quint32(mostInTerm));
    const QByteArray bytes = content(kind, size, random());
    const Chunks chunks = cut(bytes);
    for (int attempt = 0; attempt < 8; ++attempt) {
        StoredFile file(chunks, mostInTerm, random);
        const std::vector<Edit> edits = randomEdits(bytes.size(), random);
        const QByteArray header = dirtyHeader(edits, file, attempt % 2 == 0);
        const auto dirty = parseDirtyRanges(header, bytes.size());
        QVERIFY2(dirty, header);
        const auto plan = planInPlaceEdit(file.terms, *dirty, file);
        QVERIFY(plan);
        const Edited edited = editInPlace(bytes, edits, *plan, file, MinChunkBytes);
        const Chunks expected = cut(apply(bytes, edits));
        QCOMPARE(edited.chunks.size(), expected.size());
        QCOMPARE(edited.chunks, expected);
        QCOMPARE(edited.file, fileHashOf(expected));
    }
}

void TestInPlaceEdit::ends_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<Edit>("edit");
    const qsizetype size = 3 * MiB;
    const QByteArray last = QByteArray::number(size - 1);
    const QByteArray more = splitMix(5, 70'000);
    QTest::newRow("before the first byte") << QByteArray("bytes=0-0") << Edit{0, 0, more};
    QTest::newRow("first byte") << QByteArray("bytes=0-0") << Edit{0, 1, "x"};
    QTest::newRow("last byte") << "bytes=" + last + '-' + last << Edit{size - 1, size, "x"};
    QTest::newRow("append") << "bytes=" + last + '-' + last << Edit{size, size, more};
    QTest::newRow("truncate") << QByteArray("bytes=1000000-") << Edit{1'000'000, size, {}};
    QTest::newRow("everything, by others") << QByteArray("bytes=0-") << Edit{0, size, more};
    QTest::newRow("everything, by nothing") << QByteArray("bytes=0-") << Edit{0, size, {}};
}

void TestInPlaceEdit::ends()
{
    QFETCH(QByteArray, header);
    QFETCH(Edit, edit);
    const QByteArray bytes = splitMix(4, 3 * MiB);
    std::mt19937 random(1);
    StoredFile file(cut(bytes), 5, random);
    const auto plan = planInPlaceEdit(file.terms, *parseDirtyRanges(header, bytes.size()), file);
    QVERIFY(plan);
    const Edited edited = editInPlace(bytes, {edit}, *plan, file, MinChunkBytes);
    const Chunks expected = cut(apply(bytes, {edit}));
    QCOMPARE(edited.chunks, expected);
    QCOMPARE(edited.file, fileHashOf(expected));
}

void TestInPlaceEdit::olderClientsArriveToo_data()
{
    QTest::addColumn<quint32>("storedBy");
    QTest::addColumn<quint32>("editedBy");
    QTest::newRow("older on older") << ShortestOfOlderClients << ShortestOfOlderClients;
    QTest::newRow("older on current") << MinChunkBytes << ShortestOfOlderClients;
    QTest::newRow("current on older") << ShortestOfOlderClients << MinChunkBytes;
}

/// The chunks may differ from those of the whole file. What is put together is right all the same.
void TestInPlaceEdit::olderClientsArriveToo()
{
    QFETCH(quint32, storedBy);
    QFETCH(quint32, editedBy);
    std::mt19937 random(3);
    for (const uchar values : {uchar(255), uchar(40)}) {
        const QByteArray bytes = lowEntropy(9, 4 * MiB, values);
        const Chunks chunks = cut(bytes, storedBy);
        for (int attempt = 0; attempt < 8; ++attempt) {
            StoredFile file(chunks, 10, random);
            const std::vector<Edit> edits = randomEdits(bytes.size(), random);
            const auto dirty = parseDirtyRanges(dirtyHeader(edits, file, true), bytes.size());
            const auto plan = planInPlaceEdit(file.terms, *dirty, file);
            QVERIFY(plan);
            const Edited edited = editInPlace(bytes, edits, *plan, file, editedBy);
            QCOMPARE(bytesOf(edited.chunks), apply(bytes, edits).size());
            QCOMPARE(edited.file, fileHashOf(edited.chunks));
        }
    }
}

void TestInPlaceEdit::windows_data()
{
    QTest::addColumn<QByteArray>("header");
    QTest::addColumn<std::vector<Window>>("windows");
    // Terms of 100,000 bytes, two chunks that bring a client back, but the first of term 6 does not.
    const auto window = [](std::size_t first, std::size_t end) {
        return Window{first, end, qint64(first) * 100'000, qint64(end) * 100'000};
    };
    using Windows = std::vector<Window>;
    QTest::newRow("inside the first chunk") << QByteArray("bytes=10-20") << Windows{window(0, 2)};
    QTest::newRow("a whole term") << QByteArray("bytes=100000-199999") << Windows{window(1, 3)};
    QTest::newRow("over a border") << QByteArray("bytes=199999-200000") << Windows{window(1, 4)};
    QTest::newRow("a chunk that does not bring back")
        << QByteArray("bytes=500000-500000") << Windows{window(5, 8)};
    QTest::newRow("at the end") << QByteArray("bytes=999999-999999") << Windows{window(9, 10)};
    QTest::newRow("near the end") << QByteArray("bytes=850000-850000") << Windows{window(8, 10)};
    QTest::newRow("two apart") << QByteArray("bytes=0-0,300000-300000")
                               << Windows{window(0, 2), window(3, 5)};
    QTest::newRow("two that touch") << QByteArray("bytes=0-0,200000-200000")
                                    << Windows{window(0, 2), window(2, 4)};
    QTest::newRow("two in one") << QByteArray("bytes=0-0,100000-100000") << Windows{window(0, 3)};
    QTest::newRow("unsorted, overlapping")
        << QByteArray("bytes=300050-300100,0-7,300000-300070,0-0") << Windows{window(0, 2), window(3, 5)};
    QTest::newRow("everything") << QByteArray("bytes=0-") << Windows{window(0, 10)};
}

void TestInPlaceEdit::windows()
{
    QFETCH(QByteArray, header);
    std::mt19937 random(1);
    StoredFile file({}, 1, random);
    for (quint64 i = 0; i < 10; ++i) {
        const quint32 first = i == 6 ? 2 * MinChunkBytes - 1 : 50'000;
        file.addTerm({{chunkHash(splitMix(i, 8)), first}, {chunkHash(splitMix(i, 9)), 100'000 - first}});
    }
    const auto plan = planInPlaceEdit(file.terms, *parseDirtyRanges(header, 1'000'000), file);
    QVERIFY(plan);
    QTEST(plan->windows, "windows");
    QCOMPARE(plan->gaps.size(), plan->windows.size() + 1);
}

void TestInPlaceEdit::whatBringsBack_data()
{
    QTest::addColumn<quint32>("size");
    QTest::addColumn<bool>("bringsBack");
    QTest::newRow("too small") << 2 * MinChunkBytes - 1 << false;
    QTest::newRow("smallest") << 2 * MinChunkBytes << true;
    QTest::newRow("largest") << MaxChunkBytes - MinChunkBytes - 1 << true;
    QTest::newRow("too large") << MaxChunkBytes - MinChunkBytes << false;
}

void TestInPlaceEdit::whatBringsBack()
{
    QFETCH(quint32, size);
    QFETCH(bool, bringsBack);
    std::mt19937 random(1);
    StoredFile file({}, 1, random);
    for (const quint32 bytes : {50'000U, size, size, 50'000U, 50'000U, 50'000U})
        file.addTerm({{chunkHash("any"), bytes}});
    const auto plan = planInPlaceEdit(file.terms, std::vector<ByteRange>{{0, 0}}, file);
    QCOMPARE(plan->windows.front().endTerm, std::size_t(bringsBack ? 3 : 5));
}

/// Of two chunks in a row, both must be clean.
void TestInPlaceEdit::dirtyNeighboursDoNotCount()
{
    std::mt19937 random(1);
    StoredFile file({}, 1, random);
    for (quint64 i = 0; i < 6; ++i)
        file.addTerm({{chunkHash(splitMix(i, 8)), 50'000}});
    const auto end = [&](const QByteArray& header) {
        return planInPlaceEdit(file.terms, *parseDirtyRanges(header, 300'000), file)->windows.front().endTerm;
    };
    QCOMPARE(end("bytes=0-9"), std::size_t(3));
    // One clean chunk, a dirty one, and the two behind that.
    QCOMPARE(end("bytes=0-9,100000-149999"), std::size_t(5));
}

void TestInPlaceEdit::tellsTheSizes()
{
    const QByteArray bytes = splitMix(6, 2 * MiB);
    const Chunks chunks = cut(bytes);
    std::mt19937 random(2);
    StoredFile file(chunks, 6, random);
    const auto plan = planInPlaceEdit(file.terms, std::vector<ByteRange>{{0, 0}}, file);
    QCOMPARE(plan->fileBytes, bytes.size());
    QCOMPARE(plan->chunks, qint64(chunks.size()));
    QVERIFY(!plan->gaps.front());
    QVERIFY(plan->gaps.back());
    QVERIFY(plan->gaps.back()->atEnd);
}

void TestInPlaceEdit::refusesWhatWouldBeTooLong()
{
    // A sparse file: equal chunks have no sure groups, so that each must be told.
    struct Sparse : TermChunks {
        Result<std::span<const Chunk>> chunks(const Term&) override { return hole; }
        const Chunks hole =
            Chunks(MaxXorbChunks, Chunk{chunkHash(QByteArray(MaxChunkBytes, '\0')), MaxChunkBytes});
    };
    Sparse file;
    const Term term{chunkHash("xorb"), 0, MaxXorbChunks, MaxXorbChunks * MaxChunkBytes};
    std::vector<Term> terms(MaxGapNodes / MaxXorbChunks + 1, term);
    const std::vector<ByteRange> append{
        {qint64(terms.size()) * term.bytes - 1, qint64(terms.size()) * term.bytes - 1}};
    QVERIFY(planInPlaceEdit(terms, append, file));
    terms.push_back(term);
    const std::vector<ByteRange> later{{append[0].first + term.bytes, append[0].last + term.bytes}};
    const auto refused = planInPlaceEdit(terms, later, file);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code(), ErrorCode::TooLarge);
}

void TestInPlaceEdit::passesErrorsOn()
{
    struct Damaged : TermChunks {
        Result<std::span<const Chunk>> chunks(const Term&) override
        {
            return fail(ErrorCode::Corrupt, QStringLiteral("damaged"));
        }
    };
    Damaged file;
    const std::vector<Term> terms(2, Term{chunkHash("xorb"), 0, 1, 100});
    for (const ByteRange& range : {ByteRange{0, 0}, ByteRange{100, 100}}) {
        const auto plan = planInPlaceEdit(terms, std::span(&range, 1), file);
        QVERIFY(!plan);
        QCOMPARE(plan.error().code(), ErrorCode::Corrupt);
    }
}

QTEST_GUILESS_MAIN(TestInPlaceEdit)
#include "tst_inplaceedit.moc"
