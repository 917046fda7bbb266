// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/store/files/storedxorb.h"

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace hublet::store {

/// Indexes of xorbs, read once; the least recently used go first. Xorbs never change under their row.
/// Thread-safe.
class XorbCache {
public:
    /// Chunks held at most: 40 bytes each.
    static constexpr std::size_t MaxChunks = 1'600'000;

    using Xorb = std::shared_ptr<const StoredXorb>;

    /// The xorb in stored file `id`, read by `load` when it is not held.
    [[nodiscard]] Result<Xorb> get(qint64 id, const std::function<Result<StoredXorb>()>& load);
    void forget(qint64 id);

private:
    void erase(std::unordered_map<qint64, std::list<Xorb>::iterator>::iterator entry);

    std::mutex m_mutex;
    std::list<Xorb> m_xorbs; ///< most recently used first
    std::unordered_map<qint64, std::list<Xorb>::iterator> m_byId;
    std::size_t m_chunks = 0;
    quint64 m_forgotten = 0; ///< number of forget() calls: what was read meanwhile is not kept
};

} // namespace hublet::store
