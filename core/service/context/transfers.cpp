// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/transfers.h"

#include <algorithm>

namespace hublet::service {

namespace {

constexpr qsizetype MaxClientLength = 80; // characters of a User-Agent that are kept

const Clock& systemClock()
{
    static const SystemClock clock;
    return clock;
}

} // namespace

TransferHandle::TransferHandle(Transfers& owner, TransferInfo info)
    : m_owner(owner), m_info(std::move(info)), m_done(m_info.done), m_total(m_info.total)
{
}

TransferHandle::~TransferHandle()
{
    m_owner.end(*this);
}

void TransferHandle::fail(const QString& why)
{
    const std::lock_guard lock(m_owner.m_mutex);
    if (m_info.error.isEmpty())
        m_info.error = why;
}

TransferInfo TransferHandle::current() const
{
    TransferInfo info = m_info;
    info.done = m_done.load(std::memory_order_relaxed);
    info.doneFiles = m_doneFiles.load(std::memory_order_relaxed);
    info.total = m_total.load(std::memory_order_relaxed);
    return info;
}

Transfers::Transfers() : Transfers(systemClock()) {}

std::shared_ptr<TransferHandle> Transfers::start(TransferInfo info)
{
    info.client.truncate(MaxClientLength);
    info.startedMs = m_clock.nowMs();
    info.endedMs = 0;
    const std::lock_guard lock(m_mutex);
    info.id = m_nextId++;
    std::shared_ptr<TransferHandle> handle(new TransferHandle(*this, std::move(info)));
    m_running.push_back(handle.get());
    return handle;
}

std::vector<TransferInfo> Transfers::snapshot() const
{
    std::vector<TransferInfo> infos;
    const std::lock_guard lock(m_mutex);
    infos.reserve(m_running.size() + m_history.size());
    for (auto handle = m_running.rbegin(); handle != m_running.rend(); ++handle)
        infos.push_back((*handle)->current());
    infos.insert(infos.end(), m_history.begin(), m_history.end());
    return infos;
}

void Transfers::end(TransferHandle& handle)
{
    const std::lock_guard lock(m_mutex);
    std::erase(m_running, &handle);
    TransferInfo info = handle.current();
    info.endedMs = m_clock.nowMs();
    m_history.push_front(std::move(info));
    if (m_history.size() > HistoryLimit)
        m_history.pop_back();
}

} // namespace hublet::service
