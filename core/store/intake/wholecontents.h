// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/files/packwriter.h"
#include "core/store/intake/uploadstate.h"

namespace hublet::store {

/// Stores contents whole: small ones together in packs, large ones each in a blob.
class WholeContents : public ContentForm {
public:
    explicit WholeContents(UploadState& state) : m_state(state) {}

    Result<void> addSmall(EndedContent content) override;
    /// Takes over a large content with its bytes.
    [[nodiscard]] Result<void> addLarge(const StagedContent& content, std::unique_ptr<StagedFile> bytes);
    Result<void> close() override;
    Result<void> record(db::Transaction& transaction, qint64 nowMs) override;

private:
    /// A content that record() adds or repairs.
    struct NewContent {
        ContentRow row;
        bool replaces = false;
    };

    [[nodiscard]] Result<void> packPending();
    [[nodiscard]] Result<void> closePack();

    UploadState& m_state;
    SmallContents m_pending;
    std::unique_ptr<PackWriter> m_pack;
    std::vector<NewContent> m_inPack; ///< contents of the pack, whose name is not known yet
    std::vector<NewContent> m_added;  ///< those of one file follow each other
};

} // namespace hublet::store
