// SPDX-License-Identifier: Apache-2.0
#include "xetfixture.h"

#include "core/xet/geartable.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merkletree.h"

#include <QFile>
#include <QJsonDocument>
#include <QtEndian>

namespace hublet::xet {

namespace {

QByteArray littleEndian(quint32 number)
{
    const quint32 little = qToLittleEndian(number);
    return QByteArray(reinterpret_cast<const char*>(&little), sizeof little);
}

/// What footers say of a xorb.
struct Summary {
    Summary(const std::vector<QByteArray>& chunks, Scheme scheme)
        : count(littleEndian(quint32(chunks.size())))
    {
        MerkleTree tree;
        quint32 record = 0;
        quint32 raw = 0;
        for (const QByteArray& chunk : chunks) {
            const XetHash hash = chunkHash(chunk);
            tree.add(hash, quint64(chunk.size()));
            hashes += hash.toBytes();
            record += quint32(encodeRecord(chunk, scheme).size());
            raw += quint32(chunk.size());
            recordEnds += littleEndian(record);
            rawEnds += littleEndian(raw);
        }
        xorb = tree.root().toBytes();
    }

    QByteArray count;
    QByteArray xorb;
    QByteArray hashes;
    QByteArray recordEnds;
    QByteArray rawEnds;
};

QByteArray withLength(const QByteArray& footer)
{
    return footer + littleEndian(quint32(footer.size()));
}

} // namespace

QJsonObject testVectors()
{
    QFile file(qEnvironmentVariable("HUBLET_TEST_DATA") + QStringLiteral("/vectors.json"));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("HUBLET_TEST_DATA must name tests/core/xet/data");
    return QJsonDocument::fromJson(file.readAll()).object();
}

XetHash hashOf(const char* text)
{
    return XetHash::fromText(text).value_or(XetHash());
}

QByteArray splitMix(quint64 seed, qsizetype size)
{
    QByteArray bytes;
    bytes.reserve(size + qsizetype(sizeof(quint64)));
    while (bytes.size() < size) {
        seed += 0x9E3779B97F4A7C15U;
        quint64 word = seed;
        word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9U;
        word = (word ^ (word >> 27)) * 0x94D049BB133111EBU;
        word = qToLittleEndian(word ^ (word >> 31));
        bytes.append(reinterpret_cast<const char*>(&word), sizeof word);
    }
    bytes.truncate(size);
    return bytes;
}

QByteArray xorbBody(const std::vector<QByteArray>& chunks, Scheme scheme)
{
    QByteArray body;
    for (const QByteArray& chunk : chunks)
        body += encodeRecord(chunk, scheme);
    return body;
}

QByteArray footerV0(const std::vector<QByteArray>& chunks, Scheme scheme)
{
    const Summary summary(chunks, scheme);
    return withLength(QByteArray("XETBLOB\0", 8) + summary.xorb + summary.count + summary.recordEnds +
                      summary.hashes + QByteArray(16, '\0'));
}

QByteArray footerV1(const std::vector<QByteArray>& chunks, Scheme scheme)
{
    const Summary summary(chunks, scheme);
    const QByteArray boundaries =
        QByteArray("XBLBBND\1", 8) + summary.count + summary.recordEnds + summary.rawEnds;
    const QByteArray hashes = QByteArray("XBLBHSH\0", 8) + summary.count + summary.hashes;
    constexpr quint32 Tail = 3 * sizeof(quint32) + 16; // count, two offsets, buffer
    const auto fromEnd = [](qsizetype bytes) { return littleEndian(quint32(bytes) + Tail); };
    return withLength(QByteArray("XETBLOB\1", 8) + summary.xorb + hashes + boundaries + summary.count +
                      fromEnd(hashes.size() + boundaries.size()) + fromEnd(boundaries.size()) +
                      QByteArray(16, '\0'));
}

QByteArray lowEntropy(quint64 seed, qsizetype size, uchar values)
{
    QByteArray bytes = splitMix(seed, size);
    for (char& byte : bytes)
        byte = char(uchar(byte) % values + 17);
    return bytes;
}

std::vector<qsizetype> endsByTheRule(QByteArrayView bytes, quint32 shortest)
{
    std::vector<qsizetype> ends;
    quint32 length = 0;
    quint64 hash = 0;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        if (length++ >= MinChunkBytes - 65)
            hash = (hash << 1) + GearTable[uchar(bytes[i])];
        if ((length >= shortest && (hash & 0xFFFF000000000000U) == 0) || length == MaxChunkBytes) {
            ends.push_back(i + 1);
            length = 0;
            hash = 0;
        }
    }
    if (length > 0)
        ends.push_back(bytes.size());
    return ends;
}

} // namespace hublet::xet
