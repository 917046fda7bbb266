// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/xorbsenders.h"

#include <algorithm>
#include <array>

namespace hublet::service {

void XorbSenders::note(const catalog::Claimant& sender, const XetHash& xorb)
{
    const std::lock_guard lock(m_mutex);
    if (m_recent.size() >= MinXorbs && !m_recent.contains(xorb)) {
        m_before = std::move(m_recent);
        m_recent.clear();
    }
    std::vector<catalog::Claimant>& senders = m_recent[xorb];
    const bool known = std::ranges::any_of(senders, [&](const catalog::Claimant& other) {
        return other.userId == sender.userId && other.repository == sender.repository;
    });
    if (!known && senders.size() < MaxSendersOfOne)
        senders.push_back(sender);
}

bool XorbSenders::hasSent(const catalog::Claimant& asker, const XetHash& xorb) const
{
    const std::lock_guard lock(m_mutex);
    return std::ranges::any_of(std::array{&m_recent, &m_before}, [&](const Senders* known) {
        const auto senders = known->find(xorb);
        return senders != known->end() &&
               std::ranges::any_of(senders->second, [&](const catalog::Claimant& sender) {
                   return sender.userId == asker.userId &&
                          (!asker.repository || sender.repository == asker.repository);
               });
    });
}

} // namespace hublet::service
