// SPDX-License-Identifier: Apache-2.0
#include "core/xet/keyedhash.h"
#include "core/xet/merklesubtree.h"
#include "core/xet/merkletree.h"
#include "subtreejoin.h"

#include <QTest>

#include <random>

using namespace hublet;
using namespace hublet::xet;

namespace {

using Chunks = std::vector<Chunk>;

/// Chunks of `different` kinds.
Chunks makeChunks(std::size_t count, quint32 seed, std::size_t different)
{
    std::mt19937 random(seed);
    Chunks kinds;
    for (std::size_t i = 0; i < different; ++i)
        kinds.push_back({chunkHash(QByteArray::number(quint64(random())) + QByteArray::number(quint64(i))),
                         quint32(random() % 100'000 + 1)});
    Chunks chunks;
    for (std::size_t i = 0; i < count; ++i)
        chunks.push_back(different >= count ? kinds[i] : kinds[random() % different]);
    return chunks;
}

MerkleSubtree streamed(std::span<const Chunk> chunks, bool atStart, bool atEnd)
{
    MerkleSubtreeBuilder builder(atStart);
    for (const Chunk& chunk : chunks)
        builder.add(chunk);
    return builder.finish(atEnd).value_or(MerkleSubtree{{}, atStart, atEnd});
}

std::size_t nodesOf(const MerkleSubtree& subtree)
{
    std::size_t nodes = 0;
    for (const auto& [left, right] : subtree.levels)
        nodes += left.size() + right.size();
    return nodes;
}

} // namespace

class TestMerkleSubtree : public QObject {
    Q_OBJECT

private slots:
    void keepsWhatTheRuleKeeps_data();
    void keepsWhatTheRuleKeeps();
    void runsJoinToTheWholeFile_data();
    void runsJoinToTheWholeFile();
    void isSmall();
    void saysHowMuchItKeeps();
    void nothing();
};

void TestMerkleSubtree::keepsWhatTheRuleKeeps_data()
{
    QTest::addColumn<std::size_t>("count");
    QTest::addColumn<std::size_t>("different");
    for (const std::size_t count : {1, 2, 3, 7, 8, 9, 10, 27, 100, 1000, 20'000})
        QTest::addRow("%zu", count) << count << count;
    for (const std::size_t different : {1, 2, 3, 5, 10})
        QTest::addRow("%zu different", different) << std::size_t(3000) << different;
}

void TestMerkleSubtree::keepsWhatTheRuleKeeps()
{
    QFETCH(std::size_t, count);
    QFETCH(std::size_t, different);
    for (const quint32 seed : {1U, 2U, 3U}) {
        const Chunks chunks = makeChunks(count, seed, different);
        std::vector<MerkleNode> leaves;
        for (const Chunk& chunk : chunks)
            leaves.push_back({chunk.hash, chunk.bytes});
        for (const bool atStart : {false, true}) {
            for (const bool atEnd : {false, true}) {
                const MerkleSubtree subtree = streamed(chunks, atStart, atEnd);
                const MerkleSubtree expected = subtreeByTheRule(leaves, atStart, atEnd);
                QCOMPARE(subtree.atStart, atStart);
                QCOMPARE(subtree.atEnd, atEnd);
                QCOMPARE(subtree.levels.size(), expected.levels.size());
                for (std::size_t i = 0; i < expected.levels.size(); ++i) {
                    QCOMPARE(subtree.levels[i].left, expected.levels[i].left);
                    QCOMPARE(subtree.levels[i].right, expected.levels[i].right);
                }
            }
        }
    }
}

void TestMerkleSubtree::runsJoinToTheWholeFile_data()
{
    QTest::addColumn<std::size_t>("count");
    QTest::addColumn<std::size_t>("different");
    for (const std::size_t count : {1, 2, 5, 20, 300, 5000})
        QTest::addRow("%zu", count) << count << count;
    for (const std::size_t different : {1, 2, 3, 5, 10})
        QTest::addRow("%zu different", different) << std::size_t(1000) << different;
}

void TestMerkleSubtree::runsJoinToTheWholeFile()
{
    QFETCH(std::size_t, count);
    QFETCH(std::size_t, different);
    std::mt19937 random(quint32(count * 100 + different));
    for (int attempt = 0; attempt < 20; ++attempt) {
        const Chunks chunks = makeChunks(count, quint32(random()), different);
        MerkleTree tree;
        tree.add(chunks);
        const std::size_t runs = random() % 6 + 1;
        std::vector<std::size_t> ends{count};
        for (std::size_t i = 1; i < runs; ++i)
            ends.push_back(random() % (count + 1));
        std::ranges::sort(ends);
        std::optional<MerkleSubtree> whole;
        std::size_t begin = 0;
        for (const std::size_t end : ends) {
            if (end == begin && end < count)
                continue; // as the answer to a client leaves out empty gaps
            const MerkleSubtree run =
                streamed(std::span(chunks).subspan(begin, end - begin), begin == 0, end == count);
            whole = whole ? joined(*whole, run) : run;
            begin = end;
            if (end == count)
                break;
        }
        QCOMPARE(rootOf(*whole), tree.root());
    }
}

void TestMerkleSubtree::isSmall()
{
    QVERIFY(nodesOf(streamed(makeChunks(50'000, 7, 50'000), false, false)) < 500);
}

void TestMerkleSubtree::saysHowMuchItKeeps()
{
    MerkleSubtreeBuilder builder(false);
    std::size_t most = 0;
    for (const Chunk& chunk : makeChunks(50'000, 8, 50'000)) {
        builder.add(chunk);
        most = std::max(most, builder.kept());
    }
    QVERIFY2(most < 1000, qPrintable(QString::number(most)));
    const std::size_t kept = builder.kept();
    QCOMPARE(nodesOf(*builder.finish(false)), kept);

    // Equal chunks have no sure groups: all are kept, and the caller is told.
    MerkleSubtreeBuilder equal(false);
    for (const Chunk& chunk : makeChunks(5000, 1, 1))
        equal.add(chunk);
    QCOMPARE(equal.kept(), std::size_t(5000));
}

void TestMerkleSubtree::nothing()
{
    QVERIFY(!MerkleSubtreeBuilder(true).finish(false));
    QVERIFY(!MerkleSubtreeBuilder(false).finish(true));
}

QTEST_GUILESS_MAIN(TestMerkleSubtree)
#include "tst_merklesubtree.moc"
