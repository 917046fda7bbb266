// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/filecache.h"

namespace hublet::store {

Result<FileCache::File> FileCache::get(qint64 id, const std::function<Result<UniqueFd>()>& open)
{
    std::unique_lock lock(m_mutex);
    if (const auto known = m_byId.find(id); known != m_byId.end()) {
        m_entries.splice(m_entries.begin(), m_entries, known->second);
        return known->second->file;
    }
    const quint64 forgotten = m_forgotten;
    lock.unlock();
    auto opened = open();
    if (!opened)
        return forward(opened);
    File file = std::make_shared<const UniqueFd>(std::move(*opened));
    lock.lock();
    // Two threads may have opened the same file, and the sweep may have removed it: then this one is used
    // once, not kept.
    if (forgotten != m_forgotten || m_byId.contains(id))
        return file;
    m_entries.push_front({id, file});
    m_byId.emplace(id, m_entries.begin());
    if (m_entries.size() > m_capacity) {
        m_byId.erase(m_entries.back().id);
        m_entries.pop_back();
    }
    return file;
}

void FileCache::clear()
{
    const std::lock_guard lock(m_mutex);
    ++m_forgotten;
    m_byId.clear();
    m_entries.clear();
}

void FileCache::forget(qint64 id)
{
    const std::lock_guard lock(m_mutex);
    ++m_forgotten;
    const auto known = m_byId.find(id);
    if (known == m_byId.end())
        return;
    m_entries.erase(known->second);
    m_byId.erase(known);
}

} // namespace hublet::store
