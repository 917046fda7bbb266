// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/context/storecontext.h"
#include "core/store/files/xorbwriter.h"

namespace hublet::store {

/// Makes a damaged xorb whole again out of chunks that other xorbs hold too: an upload of the same bytes
/// since has stored them anew.
class XorbRepair {
public:
    explicit XorbRepair(StoreContext& context) : m_context(context) {}

    /// False when a damaged chunk is nowhere else. Errors: ReadOnly, NoSpace, Io, Database.
    [[nodiscard]] Result<bool> run(const XorbRow& xorb, const XorbIndex& index,
                                   const std::vector<quint32>& damaged);

private:
    /// The bytes of a chunk out of another xorb; nothing when there are none.
    [[nodiscard]] Result<std::optional<QByteArray>> findElsewhere(const xet::Chunk& chunk);
    /// False when a chunk cannot be had.
    [[nodiscard]] Result<bool> copy(const XorbRow& xorb, const XorbIndex& index,
                                    const std::vector<quint32>& damaged, XorbWriter& writer);

    StoreContext& m_context;
};

} // namespace hublet::store
