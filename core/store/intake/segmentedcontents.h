// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/intake/segmenter.h"
#include "core/store/intake/uploadstate.h"

namespace hublet::store {

/// Stores contents as segments of xorbs, which all contents of the upload share. What lies whole already is
/// switched over to segments; what is stored as segments is used as it is.
class SegmentedContents : public ContentForm {
public:
    explicit SegmentedContents(UploadState& state) : m_state(state), m_segmenter(state) {}

    Result<void> addSmall(EndedContent content) override;
    /// Takes over a large content whose chunks the segmenter has got.
    [[nodiscard]] Result<void> addLarge(const StagedContent& content);
    Result<void> close() override;
    Result<void> record(db::Transaction& transaction, qint64 nowMs) override;

    [[nodiscard]] Segmenter& segmenter() { return m_segmenter; }

private:
    struct NewContent {
        StagedContent content;
        std::vector<DraftTerm> terms;
    };

    [[nodiscard]] Result<void> cutPending();
    [[nodiscard]] Result<void> recordXorbs(db::Transaction& transaction, qint64 nowMs);

    UploadState& m_state;
    Segmenter m_segmenter;
    SmallContents m_pending;
    std::vector<NewContent> m_added;
    std::unordered_map<quint32, qint64> m_newXorbs; ///< rows of the new xorbs; of the last record()
};

} // namespace hublet::store
