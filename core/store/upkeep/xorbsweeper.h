// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/store/context/storecontext.h"
#include "core/store/upkeep/keeptimes.h"

#include <functional>
#include <vector>

namespace hublet::store {

/// The part of a sweep that frees xorbs (xet.md 15): what nothing refers to is first hidden, and deleted when
/// nobody can have an open download of it any more; what is mostly dead is rewritten. Used once, by one
/// thread, with StoreContext::maintenance held.
class XorbSweeper {
public:
    XorbSweeper(StoreContext& context, const KeepTimes& keep, const CancelToken& cancel)
        : m_context(context), m_keep(keep), m_cancel(cancel), m_nowMs(context.clock.nowMs())
    {
    }

    /// Bytes freed.
    [[nodiscard]] Result<qint64> run();
    /// What run() would free at once, without the rest of a sweep before it.
    [[nodiscard]] Result<qint64> bytesToFree() const;

private:
    [[nodiscard]] Result<void> forEachUnleased(const Result<std::vector<XorbRow>>& xorbs,
                                               const std::function<Result<void>(const XorbRow&)>& work);
    [[nodiscard]] Result<void> hideUnreferenced();
    [[nodiscard]] Result<void> deleteHidden();
    [[nodiscard]] Result<void> compact();
    [[nodiscard]] Result<void> checkCancelled() const;

    StoreContext& m_context;
    const KeepTimes m_keep;
    const CancelToken& m_cancel;
    const qint64 m_nowMs;
    qint64 m_freed = 0;
};

} // namespace hublet::store
