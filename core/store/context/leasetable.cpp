// SPDX-License-Identifier: Apache-2.0
#include "core/store/context/leasetable.h"

namespace hublet::store {

void LeaseTable::acquire(const Sha256& name)
{
    std::unique_lock lock(m_mutex);
    m_pardoned.wait(lock, [&] { return !m_doomed.contains(name); });
    ++m_leases[name];
}

void LeaseTable::release(const Sha256& name)
{
    const std::lock_guard lock(m_mutex);
    const auto lease = m_leases.find(name);
    Q_ASSERT(lease != m_leases.end());
    if (--lease->second == 0)
        m_leases.erase(lease);
}

bool LeaseTable::doom(const Sha256& name)
{
    const std::lock_guard lock(m_mutex);
    if (m_leases.contains(name))
        return false;
    m_doomed.insert(name);
    return true;
}

void LeaseTable::pardon(const Sha256& name)
{
    {
        const std::lock_guard lock(m_mutex);
        m_doomed.erase(name);
    }
    m_pardoned.notify_all();
}

} // namespace hublet::store
