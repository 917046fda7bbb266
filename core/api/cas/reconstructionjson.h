// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/jsonpieces.h"
#include "core/base/jsonwriter.h"
#include "core/service/xet/xet.h"
#include "core/xet/reconstruction.h"

#include <QByteArray>

#include <functional>

namespace hublet::api::cas {

/// The absolute URL that gives these bytes of the chunk records of a xorb.
using FetchUrl = std::function<QByteArray(const XetHash& xorb, const ByteRange& bytes)>;

/// Writes a reconstruction as JSON (xet.md 6.4, 6.5), piece by piece: it may have more than 400 bytes for
/// each term. Ends of "range" and "chunks" are exclusive, those of "url_range" and "bytes" inclusive. Not
/// thread-safe.
class ReconstructionJson {
public:
    enum class Form {
        V1,
        V2,    ///< one range for each URL: with more of them one client generation wants multipart answers
        Batch, ///< several files at once
    };
    /// Of one piece, but for the last term or range in it. Bytes.
    static constexpr qsizetype PieceBytes = kJsonPieceBytes;

    ReconstructionJson(Form form, service::Xet::Plan plan, FetchUrl url);

    /// The next bytes; empty at the end.
    [[nodiscard]] QByteArray next();
    [[nodiscard]] bool isDone() const { return m_stage == Stage::Done; }

private:
    enum class Stage { Start, Terms, Ranges, Done };

    void step();
    void start();
    void stepTerms();
    void stepRanges();
    void writeTerm(const xet::Term& term);
    void writeRange(const XetHash& xorb, const xet::Reconstruction::Range& range);

    const Form m_form;
    const service::Xet::Plan m_plan;
    const FetchUrl m_url;
    JsonWriter m_json;
    Stage m_stage = Stage::Start;
    bool m_inList = false;   ///< the terms of a file, or the ranges of a xorb, have begun
    std::size_t m_file = 0;  ///< whose terms come next
    std::size_t m_term = 0;  ///< of the plan, comes next
    std::size_t m_left = 0;  ///< terms of this file
    std::size_t m_xorb = 0;  ///< whose ranges come next
    std::size_t m_range = 0; ///< of this xorb, comes next
};

} // namespace hublet::api::cas
