// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/maintenanceturns.h"

namespace hublet::service {

MaintenanceTurns::Turn::~Turn()
{
    if (m_owner)
        m_owner->end();
}

namespace {

tl::unexpected<Error> busy()
{
    return fail(ErrorCode::Busy, QStringLiteral("Another maintenance job is running"));
}

} // namespace

Result<MaintenanceTurns::Turn> MaintenanceTurns::take()
{
    std::unique_lock lock(m_mutex);
    if (m_background)
        m_background->cancel();
    m_ended.wait(lock, [this] { return !m_background; });
    if (m_running)
        return busy();
    m_running = true;
    return Turn(*this);
}

Result<MaintenanceTurns::Turn> MaintenanceTurns::takeInBackground(const CancelToken& cancel)
{
    const std::lock_guard lock(m_mutex);
    if (m_running)
        return busy();
    m_running = true;
    m_background = cancel;
    return Turn(*this);
}

void MaintenanceTurns::end()
{
    {
        const std::lock_guard lock(m_mutex);
        m_running = false;
        m_background.reset();
    }
    m_ended.notify_all();
}

} // namespace hublet::service
