// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/store/context/storecontext.h"
#include "core/store/context/storereports.h"

namespace hublet::store {

/// The part of ContentStore::verify that looks at xorbs: hashes their chunks, notes the damaged ones so that
/// nobody is served any, and makes a xorb whole again when its damaged chunks lie elsewhere too. Used once,
/// by one thread, with StoreContext::maintenance held.
class XorbVerifier {
public:
    /// `report` is called after each xorb with the bytes hashed so far.
    XorbVerifier(StoreContext& context, const std::function<void(qint64 bytes)>& report,
                 const CancelToken& cancel)
        : m_context(context), m_report(report), m_cancel(cancel), m_startMs(context.clock.nowMs())
    {
    }

    /// All xorbs; with `budgetBytes` > 0 those verified longest ago, until so many bytes are hashed. Gives
    /// the contents that damaged chunks hurt.
    [[nodiscard]] Result<std::vector<DamagedContent>> run(qint64 budgetBytes);

private:
    [[nodiscard]] Result<void> check(const XorbRow& row);
    [[nodiscard]] Result<void> noteSound(const XorbRow& row);
    [[nodiscard]] Result<void> noteDamaged(const XorbRow& row, const std::vector<quint32>& positions,
                                           const QString& problem);

    StoreContext& m_context;
    const std::function<void(qint64)> m_report;
    const CancelToken& m_cancel;
    const qint64 m_startMs;
    std::vector<DamagedContent> m_damaged;
};

} // namespace hublet::store
