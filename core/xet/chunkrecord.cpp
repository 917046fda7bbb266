// SPDX-License-Identifier: Apache-2.0
#include "core/xet/chunkrecord.h"

#include "core/xet/bytegrouping.h"

#include <lz4frame.h>

#include <cstring>

namespace hublet::xet {

namespace {

constexpr quint8 RecordVersion = 0;

quint32 readU24(const char* bytes)
{
    const auto* b = reinterpret_cast<const uchar*>(bytes);
    return quint32(b[0]) | quint32(b[1]) << 8 | quint32(b[2]) << 16;
}

void writeU24(char* bytes, quint32 value)
{
    for (int i = 0; i < 3; ++i)
        bytes[i] = char(value >> (8 * i));
}

QByteArray compressLz4(QByteArrayView raw)
{
    // Independent blocks without checksums: what the small decoders among the clients can read.
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.blockMode = LZ4F_blockIndependent;
    QByteArray frame(qsizetype(LZ4F_compressFrameBound(std::size_t(raw.size()), &preferences)),
                     Qt::Uninitialized);
    const std::size_t size = LZ4F_compressFrame(frame.data(), std::size_t(frame.size()), raw.data(),
                                                std::size_t(raw.size()), &preferences);
    Q_ASSERT(!LZ4F_isError(size)); // the buffer is large enough by construction
    frame.truncate(qsizetype(size));
    return frame;
}

} // namespace

Result<RecordHeader> RecordHeader::parse(QByteArrayView bytes)
{
    Q_ASSERT(bytes.size() >= Size);
    const auto scheme = quint8(bytes[4]);
    const RecordHeader header{Scheme(scheme), readU24(bytes.data() + 1), readU24(bytes.data() + 5)};
    if (quint8(bytes[0]) != RecordVersion)
        return fail(ErrorCode::Unsupported, QStringLiteral("A chunk record has an unknown version."));
    if (scheme > quint8(Scheme::ByteGroupedLz4))
        return fail(ErrorCode::Unsupported,
                    QStringLiteral("A chunk record has the unknown compression scheme %1.").arg(scheme));
    if (header.storedBytes > MaxStoredChunkBytes || header.rawBytes > MaxChunkBytes)
        return fail(ErrorCode::Malformed, QStringLiteral("A chunk is larger than a chunk may be."));
    if (header.storedBytes == 0 || header.rawBytes == 0)
        return fail(ErrorCode::Malformed, QStringLiteral("A chunk record is empty."));
    if (header.scheme == Scheme::None && header.storedBytes != header.rawBytes)
        return fail(ErrorCode::Malformed,
                    QStringLiteral("An uncompressed chunk record has two different sizes."));
    return header;
}

std::array<char, RecordHeader::Size> RecordHeader::encode() const
{
    std::array<char, Size> bytes{};
    bytes[0] = RecordVersion;
    writeU24(&bytes[1], storedBytes);
    bytes[4] = char(scheme);
    writeU24(&bytes[5], rawBytes);
    return bytes;
}

QByteArray encodeRecord(QByteArrayView raw, Scheme scheme)
{
    Q_ASSERT(!raw.isEmpty() && raw.size() <= MaxChunkBytes);
    QByteArray compressed;
    if (scheme == Scheme::Lz4)
        compressed = compressLz4(raw);
    else if (scheme == Scheme::ByteGroupedLz4)
        compressed = compressLz4(groupBytes(raw));
    if (compressed.isEmpty() || compressed.size() >= raw.size()) {
        scheme = Scheme::None;
        compressed = raw.toByteArray();
    }
    const auto header = RecordHeader{scheme, quint32(compressed.size()), quint32(raw.size())}.encode();
    return QByteArray(header.data(), RecordHeader::Size) + compressed;
}

struct PayloadDecoder::Lz4Context {
    Lz4Context()
    {
        LZ4F_createDecompressionContext(&context, LZ4F_VERSION);
        Q_CHECK_PTR(context);
    }
    ~Lz4Context() { LZ4F_freeDecompressionContext(context); }
    Q_DISABLE_COPY_MOVE(Lz4Context)

    /// Whether `frame` is exactly one frame of exactly `size` bytes, now in `raw`.
    bool decode(QByteArrayView frame, char* raw, std::size_t size)
    {
        LZ4F_resetDecompressionContext(context);
        std::size_t inSize = std::size_t(frame.size());
        LZ4F_frameInfo_t info{};
        std::size_t next = LZ4F_getFrameInfo(context, &info, frame.data(), &inSize);
        m_isLarge = info.blockSizeID > LZ4F_max64KB;
        if (LZ4F_isError(next) || info.frameType != LZ4F_frame || info.contentSize > size)
            return false;
        const char* in = frame.data() + inSize;
        const char* const inEnd = frame.data() + frame.size();
        std::size_t written = 0;
        while (next != 0) {
            inSize = std::size_t(inEnd - in);
            std::size_t outSize = size - written;
            next = LZ4F_decompress(context, raw + written, &outSize, in, &inSize, nullptr);
            if (LZ4F_isError(next) || (inSize == 0 && outSize == 0))
                return false;
            in += inSize;
            written += outSize;
        }
        return in == inEnd && written == size;
    }

    /// Did the last frame make LZ4 allocate for larger blocks than encoders of chunks use?
    [[nodiscard]] bool isLarge() const { return m_isLarge; }

    LZ4F_dctx* context = nullptr;

private:
    bool m_isLarge = false;
};

PayloadDecoder::PayloadDecoder() = default;
PayloadDecoder::~PayloadDecoder() = default;
PayloadDecoder::PayloadDecoder(PayloadDecoder&&) noexcept = default;
PayloadDecoder& PayloadDecoder::operator=(PayloadDecoder&&) noexcept = default;

Result<QByteArrayView> PayloadDecoder::decode(const RecordHeader& header, QByteArrayView payload)
{
    Q_ASSERT(payload.size() == header.storedBytes);
    if (header.scheme == Scheme::None)
        return payload;
    if (!m_lz4)
        m_lz4 = std::make_unique<Lz4Context>();
    const auto size = qsizetype(header.rawBytes);
    m_raw.resize(MaxChunkBytes);
    const bool isDecoded = m_lz4->decode(payload, m_raw.data(), std::size_t(size));
    if (m_lz4->isLarge())
        m_lz4.reset();
    if (!isDecoded)
        return fail(ErrorCode::Malformed,
                    QStringLiteral("A compressed chunk is damaged or not of its announced size."));
    const QByteArrayView decoded(m_raw.constData(), size);
    if (header.scheme == Scheme::Lz4)
        return decoded;
    m_ungrouped.resize(MaxChunkBytes);
    ungroupBytes(decoded, m_ungrouped.data());
    return QByteArrayView(m_ungrouped.constData(), size);
}

} // namespace hublet::xet
