// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/context/storecontext.h"
#include "core/store/files/xorbwriter.h"
#include "core/store/tables/xorbsweepqueries.h"

namespace hublet::store {

/// Copies the chunks of a xorb that terms use into a new one and points the terms there: files keep their
/// hashes. The old xorb is left without terms, hidden, for the sweep to delete. Used with
/// StoreContext::maintenance held.
class XorbCompactor {
public:
    explicit XorbCompactor(StoreContext& context) : m_context(context) {}

    /// A xorb that an upload refers to right now is left alone. Errors leave everything as it was: Corrupt (a
    /// damaged chunk is never copied), NoSpace, Io.
    [[nodiscard]] Result<void> compact(const XorbRow& xorb);

private:
    /// Where chunks of the old xorb lie in the new one.
    struct Moved {
        queries::TermRange range; ///< in the old
        quint32 newStart = 0;
    };
    [[nodiscard]] Result<std::vector<Moved>>
    copyLive(const StoredXorb& old, const std::vector<queries::TermRange>& terms, XorbWriter& copy);
    [[nodiscard]] Result<void> repoint(const XorbRow& old, const XorbIndex& oldIndex,
                                       const std::vector<queries::TermRange>& terms,
                                       const std::vector<Moved>& moved, const StoredFile& file,
                                       const XorbIndex& index);

    StoreContext& m_context;
};

} // namespace hublet::store
