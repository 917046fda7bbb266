// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/xethash.h"
#include "core/catalog/model/claimant.h"

#include <mutex>
#include <unordered_map>
#include <vector>

namespace hublet::service {

/// Who sent which xorb lately: between a xorb and the shard with its files nothing else says whose it is. In
/// memory only; who is forgotten sends the xorb again. Thread-safe.
class XorbSenders {
public:
    /// So many xorbs at least are remembered, and twice as many at most.
    static constexpr std::size_t MinXorbs = 32'768;
    static constexpr std::size_t MaxSendersOfOne = 64; ///< the first ones

    void note(const catalog::Claimant& sender, const XetHash& xorb);
    /// `asker` without a repository: whatever it was sent through.
    [[nodiscard]] bool hasSent(const catalog::Claimant& asker, const XetHash& xorb) const;

private:
    using Senders = std::unordered_map<XetHash, std::vector<catalog::Claimant>>;

    mutable std::mutex m_mutex;
    Senders m_recent;
    Senders m_before; ///< goes when m_recent is full and takes its place
};

} // namespace hublet::service
