// SPDX-License-Identifier: Apache-2.0
// Cuts and hashes files as core/xet does and prints a line of JSON for each, for comparison with other
// implementations (compare.mjs, tests/bench):
//     {"file": hash, "xorb": root over all chunks, "range": hash over all chunks' hashes,
//      "hidden": the first chunk under the key 00 01 .. 1f, "chunks": [[hash, bytes], ...], "cpuSeconds": s}
#include "core/xet/filechunker.h"

#include <QFile>

#include <cstdio>
#include <ctime>

using namespace hublet;
using namespace hublet::xet;

namespace {

constexpr qsizetype PieceBytes = 1 << 20;

class Collector : public ChunkSink {
public:
    Result<void> addChunk(const Chunk& chunk, QByteArrayView) override
    {
        chunks.push_back(chunk);
        return {};
    }
    std::vector<Chunk> chunks;
};

double cpuSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return double(time.tv_sec) + double(time.tv_nsec) * 1e-9;
}

HashKey countingKey()
{
    HashKey key;
    for (std::size_t i = 0; i < key.size(); ++i)
        key[i] = std::uint8_t(i);
    return key;
}

bool probe(const QString& path)
{
    const double started = cpuSeconds();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return false;
    Collector collector;
    FileChunker chunker(collector);
    QByteArray piece(PieceBytes, Qt::Uninitialized);
    qint64 size = 0;
    while ((size = file.read(piece.data(), PieceBytes)) > 0) {
        if (!chunker.add(QByteArrayView(piece).first(size)))
            return false;
    }
    const auto hash = chunker.finish();
    const double seconds = cpuSeconds() - started;
    if (size < 0 || !hash)
        return false;

    MerkleTree tree;
    tree.add(collector.chunks);
    std::printf(R"({"file": "%s", "xorb": "%s", "range": "%s", )", hash->toText().constData(),
                tree.root().toText().constData(), rangeHash(collector.chunks).toText().constData());
    if (!collector.chunks.empty())
        std::printf(R"("hidden": "%s", )",
                    hiddenChunkHash(collector.chunks.front().hash, countingKey()).toText().constData());
    std::printf(R"("chunks": [)");
    const char* separator = "";
    for (const Chunk& chunk : collector.chunks) {
        std::printf(R"(%s["%s", %u])", separator, chunk.hash.toText().constData(), chunk.bytes);
        separator = ", ";
    }
    std::printf("], \"cpuSeconds\": %.6f}\n", seconds);
    return true;
}

} // namespace

int main(int argc, char** argv)
{
    for (int i = 1; i < argc; ++i) {
        if (!probe(QFile::decodeName(argv[i]))) {
            std::fprintf(stderr, "cannot read %s\n", argv[i]);
            return 1;
        }
    }
    return 0;
}
