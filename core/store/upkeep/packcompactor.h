// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/context/storecontext.h"

namespace hublet::store {

/// Copies what is alive in a pack into a new one and removes the old. Contents keep their names; whoever
/// reads the old pack goes on reading. Used with StoreContext::maintenance held.
class PackCompactor {
public:
    explicit PackCompactor(StoreContext& context) : m_context(context) {}

    /// Bytes freed. Errors leave the old pack in place: Corrupt or DigestMismatch (a damaged content is never
    /// copied), NoSpace, Io.
    [[nodiscard]] Result<qint64> compact(const StoredFile& pack);

private:
    struct Copy {
        std::unique_ptr<StagedFile> staged;
        StoredFile file;
        std::vector<ContentRow> contents; ///< with their new offsets
    };
    [[nodiscard]] Result<Copy> copyLive(const StoredFile& pack);
    [[nodiscard]] Result<bool> repoint(const StoredFile& pack, const Copy& copy);

    StoreContext& m_context;
};

} // namespace hublet::store
