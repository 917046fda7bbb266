// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/xorbcache.h"

namespace hublet::store {

Result<XorbCache::Xorb> XorbCache::get(qint64 id, const std::function<Result<StoredXorb>()>& load)
{
    std::unique_lock lock(m_mutex);
    if (const auto known = m_byId.find(id); known != m_byId.end()) {
        m_xorbs.splice(m_xorbs.begin(), m_xorbs, known->second);
        return *known->second;
    }
    const quint64 forgotten = m_forgotten;
    lock.unlock();
    auto loaded = load();
    if (!loaded)
        return forward(loaded);
    Xorb xorb = std::make_shared<const StoredXorb>(std::move(*loaded));
    lock.lock();
    if (forgotten != m_forgotten || m_byId.contains(id))
        return xorb;
    m_xorbs.push_front(xorb);
    m_byId.emplace(id, m_xorbs.begin());
    m_chunks += xorb->index.count();
    while (m_chunks > MaxChunks && m_xorbs.size() > 1)
        erase(m_byId.find(m_xorbs.back()->file.id));
    return xorb;
}

void XorbCache::forget(qint64 id)
{
    const std::lock_guard lock(m_mutex);
    ++m_forgotten;
    if (const auto known = m_byId.find(id); known != m_byId.end())
        erase(known);
}

void XorbCache::erase(std::unordered_map<qint64, std::list<Xorb>::iterator>::iterator entry)
{
    m_chunks -= (*entry->second)->index.count();
    m_xorbs.erase(entry->second);
    m_byId.erase(entry);
}

} // namespace hublet::store
