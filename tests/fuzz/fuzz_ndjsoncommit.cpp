// SPDX-License-Identifier: Apache-2.0
// NDJSON commit bodies. The first byte says in what pieces the rest arrives: the outcome must not depend on
// it.
#include "core/api/hub/ndjsoncommitparser.h"
#include "tests/core/api/hub/recordingcommitsession.h"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace hublet;

struct Outcome {
    QByteArrayList calls;
    std::optional<ErrorCode> error;
    bool operator==(const Outcome&) const = default;
};

Outcome parse(QByteArrayView body, qsizetype step)
{
    api::test::RecordingCommitSession session;
    api::NdjsonCommitParser parser(session);
    Result<void> result;
    while (result && !body.isEmpty()) {
        const QByteArrayView piece = body.first(std::min(step, body.size()));
        body = body.sliced(piece.size());
        result = parser.append(piece);
    }
    if (result)
        result = parser.finish();
    if (session.largestPiece > api::CommitFileContent::MaxPieceBytes)
        std::abort();
    return {session.calls, result ? std::nullopt : std::optional(result.error().code())};
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const QByteArrayView body(reinterpret_cast<const char*>(data) + 1, qsizetype(size) - 1);
    const Outcome whole = parse(body, std::max(body.size(), qsizetype(1)));
    if (parse(body, 1 + data[0] % 16) != whole)
        std::abort();
    return 0;
}
