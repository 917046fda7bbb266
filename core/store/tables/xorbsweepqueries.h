// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/transaction.h"
#include "core/store/files/storedxorb.h"

#include <functional>
#include <vector>

namespace hublet::store::queries {

/// The statements that the sweep of xorbs needs. Each runs inside the caller's transaction.

/// Xorbs that no term refers to, last touched at `touchedMs` or before and not hidden yet.
[[nodiscard]] Result<std::vector<XorbRow>> unreferencedXorbs(db::Transaction& transaction, qint64 touchedMs);
/// Hides one of them, its chunks with it (`index` as in removeChunks()); false when it is none of them any
/// more.
[[nodiscard]] Result<bool> hideXorb(db::Transaction& transaction, const XorbRow& xorb, const XorbIndex* index,
                                    qint64 touchedMs, qint64 nowMs);
/// Xorbs that no term refers to, hidden at `hiddenMs` or before.
[[nodiscard]] Result<std::vector<XorbRow>> hiddenXorbs(db::Transaction& transaction, qint64 hiddenMs);
/// Deletes one of them and its file's row; false when it is none of them any more.
[[nodiscard]] Result<bool> deleteHiddenXorb(db::Transaction& transaction, const XorbRow& xorb,
                                            qint64 hiddenMs);

/// A run of raw bytes of a xorb that some term uses; runs may overlap.
struct LiveRun {
    qint64 start = 0;
    qint64 bytes = 0;
};
/// Calls back for every xorb with terms that is undamaged and was last touched at `touchedMs` or before, with
/// its runs by start.
[[nodiscard]] Result<void>
forEachLiveXorb(db::Transaction& transaction, qint64 touchedMs,
                const std::function<void(const XorbRow& xorb, const std::vector<LiveRun>& runs)>& visit);

/// Half open.
struct TermRange {
    quint32 start = 0;
    quint32 end = 0;
};
/// The distinct chunk ranges that terms use of a xorb, by start.
[[nodiscard]] Result<std::vector<TermRange>> termRangesOf(db::Transaction& transaction, qint64 xorb);
/// Points all terms over `range` of a xorb at `newStart` of another, `rawStart` bytes into it.
[[nodiscard]] Result<void> moveTerms(db::Transaction& transaction, qint64 fromXorb, TermRange range,
                                     qint64 toXorb, quint32 newStart, qint64 rawStart);

} // namespace hublet::store::queries
