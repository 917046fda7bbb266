// SPDX-License-Identifier: Apache-2.0
#include "core/xet/merkletree.h"
#include "xetfixture.h"

#include <QJsonArray>
#include <QTest>

using namespace hublet;
using namespace hublet::xet;

namespace {

struct Leaf {
    XetHash hash;
    quint64 bytes = 0;
};
using Leaves = std::vector<Leaf>;

MerkleTree treeOf(const Leaves& leaves)
{
    MerkleTree tree;
    for (const Leaf& leaf : leaves)
        tree.add(leaf.hash, leaf.bytes);
    return tree;
}

/// The rule of the protocol on whole lists, pass after pass.
XetHash rootByTheRule(Leaves nodes)
{
    if (nodes.empty())
        return {};
    while (nodes.size() > 1) {
        Leaves parents;
        for (std::size_t i = 0; i < nodes.size();) {
            const std::size_t left = nodes.size() - i;
            std::size_t size = std::min<std::size_t>(left, 9);
            if (left > 2) {
                for (std::size_t j = 2; j < size; ++j) {
                    if (nodes[i + j].hash.word(3) % 4 == 0)
                        size = j + 1;
                }
            }
            QByteArray text;
            quint64 bytes = 0;
            for (std::size_t k = i; k < i + size; ++k) {
                text += nodes[k].hash.toText() + " : " + QByteArray::number(nodes[k].bytes) + "\n";
                bytes += nodes[k].bytes;
            }
            parents.push_back({nodeHash(text), bytes});
            i += size;
        }
        nodes = std::move(parents);
    }
    return nodes.front().hash;
}

HashKey countingKey()
{
    HashKey key;
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = std::uint8_t(i);
    return key;
}

} // namespace

class TestMerkleTree : public QObject {
    Q_OBJECT

private slots:
    void primitiveHashes();
    void vectors();
    void documentedNode();
    void manyEqualLeaves();
    void streamsLikeTheRule();
    void rootCanBeAskedOnTheWay();
};

void TestMerkleTree::primitiveHashes()
{
    const QByteArray four("\0\1\2\3", 4);
    QCOMPARE(chunkHash({}).toText(),
             QByteArray("e0f2cf784e7e5f10c34f84af150e9a5ff9664216debad915364d741049870f67"));
    QCOMPARE(chunkHash(four).toText(),
             QByteArray("43cc9f121b2ff9204410bc692230858b366126254819f9699ea18effa99950d9"));
    QCOMPARE(chunkHash(four).toBytes().toHex(),
             QByteArray("20f92f1b129fcc438b85302269bc104469f9194825266136d95099a9ff8ea19e"));
    const XetHash hello = chunkHash("hello world");
    QCOMPARE(hello.toText(), QByteArray("4e39378b9d359f118190557a1f44130219a54e5fcfa07bd96cf50b466fe651b1"));
    QCOMPARE(nodeHash("hello world").toText(),
             QByteArray("2fba9cb0b7c387e6b4604e48315f15b4371d879464e18a7f9d2961c21a5accbf"));
    QCOMPARE(saltedRoot(hello).toText(),
             QByteArray("f15edd43b7e85cfd25e2758ffe13b99fdd09dfa817e8d9f6548722a7a126db7f"));
    QCOMPARE(rangeHash(std::vector{Chunk{hello, 11}}).toText(),
             QByteArray("22ef2fdcff5cea306e42ad7e15ed8a0c5e789e7d2ec34658c10d2758946847da"));
    QCOMPARE(hiddenChunkHash(chunkHash(four), countingKey()).toText(),
             QByteArray("27d44fb782cb07a8a870bb1094c77de295a5157b89af87b3bdb7ad6dd16062cf"));
    QVERIFY(isDedupCandidate(XetHash()));
    QVERIFY(!isDedupCandidate(hello));
}

void TestMerkleTree::vectors()
{
    const QJsonArray sets = testVectors()[u"merkle"].toArray();
    QCOMPARE(sets.size(), 18);
    for (const auto& value : sets) {
        const QJsonObject set = value.toObject();
        Leaves leaves;
        for (const auto& node : set[u"nodes"].toArray())
            leaves.push_back(
                {hashOf(node[0].toString().toLatin1().constData()), quint64(node[1].toInteger())});
        const MerkleTree tree = treeOf(leaves);
        QCOMPARE(tree.leaves(), quint64(leaves.size()));
        QCOMPARE(tree.root().toText(), set[u"xorb_hash"].toString().toLatin1());
        for (const auto& pair : set[u"salt_and_file_hash"].toArray()) {
            const XetHash salt = hashOf(pair[0].toString().toLatin1().constData());
            QCOMPARE(tree.fileHash(salt.bytes()).toText(), pair[1].toString().toLatin1());
        }
    }
}

void TestMerkleTree::documentedNode()
{
    const MerkleTree tree =
        treeOf({{hashOf("1f6a2b8e9d3c4075a2e8c5fd4f0b763e6f3c1d7a9b2e6487de3f91ab7c6d5401"), 10000},
                {hashOf("7c94fe2a38bdcf9b4d2a6f7e1e08ac35bc24a7903d6f5a0e7d1c2b93e5f748de"), 20000},
                {hashOf("cfd18a92e0743bb09e56dbf76ea2c34d99b5a0cf271f8d429b6cd148203df061"), 25000},
                {hashOf("e38d7c09a21b4cf8d0f92b3a85e6df19f7c20435e0b1c78a9d635f7b8c2e4da1"), 64000}});
    QCOMPARE(tree.root().toText(),
             QByteArray("649b032540f645eb28eea76696f2b55d4d596bf09ffcbf3f77e529029454defa"));
    QCOMPARE(tree.bytes(), 119000U);
}

void TestMerkleTree::manyEqualLeaves()
{
    const XetHash hash = hashOf("cfc5d07f6f03c29bbf424132963fe08d19a37d5757aaf520bf08119f05cd56d6");
    const MerkleTree tree = treeOf(Leaves(32, {hash, 100}));
    QCOMPARE(tree.root().toText(),
             QByteArray("0a0123c1617921883b7e13902095fcb86676e77c49120c33b233003b0af0e0a6"));
    QCOMPARE(tree.fileHash().toText(),
             QByteArray("53af4711fd1d5e5bdc7f931b6be932314d8d673cb16ad2482f6f5222eaf9e63d"));
}

void TestMerkleTree::streamsLikeTheRule()
{
    MerkleTree tree;
    Leaves leaves;
    for (quint64 i = 0; i < 700; ++i) {
        QCOMPARE(tree.root(), rootByTheRule(leaves));
        // The sizes are those of whole files as well: a tree of trees has no other limit.
        const Leaf leaf{chunkHash(QByteArray::number(i)), i << 33};
        leaves.push_back(leaf);
        tree.add(leaf.hash, leaf.bytes);
    }
}

void TestMerkleTree::rootCanBeAskedOnTheWay()
{
    Leaves leaves;
    for (int i = 0; i < 100; ++i)
        leaves.push_back({chunkHash(QByteArray::number(i)), 1});
    MerkleTree tree;
    for (const Leaf& leaf : leaves) {
        tree.add(leaf.hash, leaf.bytes);
        const XetHash root = tree.root();
        QCOMPARE(tree.root(), root);
    }
    QCOMPARE(tree.root(), rootByTheRule(leaves));
}

QTEST_GUILESS_MAIN(TestMerkleTree)
#include "tst_merkletree.moc"
