// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/context/content.h"
#include "core/store/context/filepublisher.h"

#include <optional>
#include <vector>

namespace hublet::store {

/// What all contents of one upload share: leases, files to be published, files that contents have left.
/// Used by one thread at a time.
class UploadState {
public:
    /// `replaceKnown`: contents are stored anew even if they are stored already.
    UploadState(StoreContext& storeContext, StorageForm storageForm, bool replaceKnown)
        : context(storeContext), form(storageForm), publisher(storeContext), m_replaceKnown(replaceKnown)
    {
    }
    /// Gives back the leases, then removes files that have no row in the database.
    ~UploadState();
    UploadState(const UploadState&) = delete;
    UploadState& operator=(const UploadState&) = delete;

    /// Held until this object goes.
    void lease(const Sha256& name);
    /// Is the content to be used as it is stored? Segments serve an upload of either form.
    [[nodiscard]] bool mayKeep(const std::optional<ContentRow>& row) const
    {
        return row && !m_replaceKnown && (form == StorageForm::Whole || row->isSegmented()) &&
               context.isIntact(*row);
    }
    /// No content of this upload is in `file` any more. A blob that nothing refers to is removed in the end.
    [[nodiscard]] Result<void> leave(db::Transaction& transaction, const StoredFile& file);

    StoreContext& context;
    const StorageForm form;
    FilePublisher publisher;
    std::vector<Sha256> kept; ///< contents that were stored already

private:
    const bool m_replaceKnown;
    std::vector<Sha256> m_leases;
    std::vector<StoredFile> m_left;
};

/// A content after its last byte, digests known, leased by its upload.
struct EndedContent {
    StagedContent staged;
    QByteArray bytes; ///< of a content that is small
};

/// How the contents of an upload are stored: whole or as segments. Used by one thread at a time.
class ContentForm {
public:
    virtual ~ContentForm() = default;
    /// Takes over a small content.
    [[nodiscard]] virtual Result<void> addSmall(EndedContent content) = 0;
    /// Ends what is still open, so that all files can be published.
    [[nodiscard]] virtual Result<void> close() = 0;
    /// Adds the rows of all contents that are new; again when the transaction before was rolled back.
    [[nodiscard]] virtual Result<void> record(db::Transaction& transaction, qint64 nowMs) = 0;
};

/// Small contents that wait to be looked up together.
class SmallContents {
public:
    void add(EndedContent content);
    [[nodiscard]] bool isFull() const;

    struct Known {
        EndedContent content;
        std::optional<ContentRow> row; ///< of a content that is not to be used as it is stored
    };
    /// Takes out all; those that may be kept are noted in `state` and left out.
    [[nodiscard]] Result<std::vector<Known>> takeNew(UploadState& state);

private:
    std::vector<EndedContent> m_contents;
    qint64 m_bytes = 0;
};

} // namespace hublet::store
