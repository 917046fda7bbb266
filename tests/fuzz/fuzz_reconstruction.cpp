// SPDX-License-Identifier: Apache-2.0
// Range headers, and plans for files made of them: a first line with the header, then four bytes for each
// term. Clients fail when a plan breaks one of the rules that are checked here.
#include "core/xet/chunkrecord.h"
#include "core/xet/reconstruction.h"
#include "core/xet/requestranges.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace {

using namespace hublet;
using namespace hublet::xet;

constexpr quint32 Chunks = 64;
constexpr qsizetype MaxTerms = 100;

void check(bool holds)
{
    if (!holds)
        std::abort();
}

/// Every xorb has the same chunks, of 1 to 13 bytes.
qint64 rawOffset(quint32 index)
{
    qint64 offset = 0;
    for (quint32 i = 0; i < index; ++i)
        offset += 1 + i * 5 % 13;
    return offset;
}

class Offsets : public XorbOffsets {
    Result<qint64> rawOffset(const XetHash&, quint32 index) override
    {
        check(index <= Chunks);
        return ::rawOffset(index);
    }
};

std::vector<Term> termsFrom(QByteArrayView bytes)
{
    std::vector<Term> terms;
    for (; bytes.size() >= 4 && qsizetype(terms.size()) < MaxTerms; bytes = bytes.sliced(4)) {
        Term term;
        term.xorb.bytes()[0] = std::uint8_t(uchar(bytes[0]) % 4);
        term.chunkStart = uchar(bytes[1]) % Chunks;
        term.chunkEnd = term.chunkStart + 1 + uchar(bytes[2]) % (Chunks - term.chunkStart);
        term.bytes = quint32(rawOffset(term.chunkEnd) - rawOffset(term.chunkStart));
        terms.push_back(term);
    }
    return terms;
}

void checkPlan(const Reconstruction& plan, ByteRange part)
{
    check(!plan.terms.empty() && plan.offsetIntoFirstRange >= 0);
    const quint32 firstChunk = plan.terms.front().chunkStart;
    check(plan.offsetIntoFirstRange < rawOffset(firstChunk + 1) - rawOffset(firstChunk));
    qint64 bytes = 0;
    for (const Term& term : plan.terms) {
        bytes += term.bytes;
        const auto xorb = std::ranges::find(plan.xorbs, term.xorb, &Reconstruction::Xorb::hash);
        check(xorb != plan.xorbs.end());
        check(std::ranges::count_if(xorb->ranges, [&](const Reconstruction::Range& range) {
                  return range.chunkStart <= term.chunkStart && term.chunkEnd <= range.chunkEnd;
              }) == 1);
    }
    const quint32 lastChunk = plan.terms.back().chunkEnd - 1;
    const qint64 beyond = bytes - plan.offsetIntoFirstRange - part.length();
    check(beyond >= 0 && beyond < rawOffset(lastChunk + 1) - rawOffset(lastChunk));
    for (const Reconstruction::Xorb& xorb : plan.xorbs) {
        qint64 end = -1;
        for (const Reconstruction::Range& range : xorb.ranges) {
            check(qint64(range.chunkStart) > end && range.chunkStart < range.chunkEnd);
            check(range.bytes.first == recordOffset(rawOffset(range.chunkStart), range.chunkStart));
            check(range.bytes.last + 1 == recordOffset(rawOffset(range.chunkEnd), range.chunkEnd));
            end = range.chunkEnd;
        }
    }
}

void checkDirty(QByteArrayView header, qint64 fileBytes)
{
    const auto ranges = parseDirtyRanges(header, fileBytes);
    if (!ranges)
        return;
    check(!ranges->empty());
    qint64 free = 0;
    for (const ByteRange& range : *ranges) {
        check(range.first >= free && range.first <= range.last && range.last < fileBytes);
        free = range.last + 2;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArrayView input(reinterpret_cast<const char*>(data), qsizetype(size));
    const qsizetype line = input.indexOf('\n');
    if (line < 0)
        return 0;
    const std::vector<Term> terms = termsFrom(input.sliced(line + 1));
    qint64 fileBytes = 0;
    for (const Term& term : terms)
        fileBytes += term.bytes;
    checkDirty(input.first(line), fileBytes);
    const auto part = parseReconstructionRange(input.first(line), fileBytes);
    if (!part || !*part)
        return 0;
    check((*part)->first >= 0 && (*part)->first <= (*part)->last && (*part)->last < fileBytes);
    Offsets offsets;
    const auto plan = planReconstruction(terms, **part, offsets);
    check(plan.has_value());
    checkPlan(*plan, **part);
    return 0;
}
