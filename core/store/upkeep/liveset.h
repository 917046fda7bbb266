// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"

#include <algorithm>
#include <vector>

namespace hublet::store {

/// A set of contents built once and asked often: 32 bytes each.
class LiveSet {
public:
    void add(const Sha256& sha256)
    {
        m_digests.push_back(sha256);
        if (m_digests.size() >= m_compactAt) { // the same content may come many times
            sort();
            m_compactAt = std::max(MinCompact, 2 * m_digests.size());
        }
    }
    /// Call once after the last add().
    void sort()
    {
        std::sort(m_digests.begin(), m_digests.end());
        m_digests.erase(std::unique(m_digests.begin(), m_digests.end()), m_digests.end());
    }
    [[nodiscard]] bool contains(const Sha256& sha256) const
    {
        return std::binary_search(m_digests.begin(), m_digests.end(), sha256);
    }

private:
    static constexpr std::size_t MinCompact = 1 << 16;
    std::vector<Sha256> m_digests;
    std::size_t m_compactAt = MinCompact;
};

} // namespace hublet::store
