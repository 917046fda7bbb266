// SPDX-License-Identifier: Apache-2.0
#include "core/xet/keyedhash.h"

#include <blake3.h>

namespace hublet::xet {

namespace {

constexpr HashKey ChunkKey = {102, 151, 245, 119, 91,  149, 80, 222, 49,  53,  203, 172, 165, 151, 24,  28,
                              157, 228, 33,  16,  155, 235, 43, 88,  180, 208, 176, 75,  147, 173, 242, 41};
constexpr HashKey NodeKey = {1,  126, 197, 199, 165, 71,  41,  150, 253, 148, 102, 102, 180, 138, 2,   230,
                             93, 221, 83,  111, 55,  199, 109, 210, 248, 99,  82,  230, 74,  83,  113, 63};
constexpr HashKey RangeKey = {127, 24,  87, 214, 206, 86,  237, 102, 18, 127, 249, 19,  231, 165, 195, 243,
                              164, 205, 38, 213, 181, 219, 73,  230, 65, 36,  152, 127, 40,  251, 148, 195};

class KeyedHasher {
public:
    explicit KeyedHasher(const HashKey& key) { blake3_hasher_init_keyed(&m_state, key.data()); }

    void add(const void* bytes, std::size_t size) { blake3_hasher_update(&m_state, bytes, size); }
    void add(const XetHash& hash) { add(hash.bytes().data(), XetHash::Size); }

    XetHash finish() const
    {
        XetHash hash;
        blake3_hasher_finalize(&m_state, hash.bytes().data(), XetHash::Size);
        return hash;
    }

private:
    blake3_hasher m_state;
};

XetHash keyedHash(const HashKey& key, QByteArrayView bytes)
{
    KeyedHasher hasher(key);
    hasher.add(bytes.data(), std::size_t(bytes.size()));
    return hasher.finish();
}

XetHash keyedHash(const HashKey& key, const XetHash& hash)
{
    KeyedHasher hasher(key);
    hasher.add(hash);
    return hasher.finish();
}

} // namespace

XetHash chunkHash(QByteArrayView bytes)
{
    return keyedHash(ChunkKey, bytes);
}

XetHash nodeHash(QByteArrayView text)
{
    return keyedHash(NodeKey, text);
}

XetHash rangeHash(std::span<const Chunk> chunks)
{
    KeyedHasher hasher(RangeKey);
    for (const Chunk& chunk : chunks)
        hasher.add(chunk.hash);
    return hasher.finish();
}

XetHash saltedRoot(const XetHash& root, const HashKey& salt)
{
    return keyedHash(salt, root);
}

XetHash hiddenChunkHash(const XetHash& chunk, const HashKey& key)
{
    return keyedHash(key, chunk);
}

} // namespace hublet::xet
