// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/housekeeping.h"

#include "core/access/directory.h"
#include "core/catalog/writing/packagewriter.h"
#include "core/service/context/downloadcounter.h"
#include "core/service/context/servicecontext.h"
#include "core/service/upkeep/maintenance.h"
#include "core/store/upkeep/sweeptime.h"

#include <QLoggingCategory>

#include <algorithm>
#include <chrono>

namespace hublet::service {

namespace {

Q_LOGGING_CATEGORY(lcHousekeeping, "hublet.service")

constexpr std::chrono::seconds Tick{30};
constexpr qint64 MinuteMs = 60 * 1000;
constexpr qint64 HourMs = 60 * MinuteMs;
constexpr qint64 DayMs = 24 * HourMs;
constexpr qint64 SettleMs = 5 * MinuteMs; // after the start: others want the disk first
constexpr qint64 RetryMs = HourMs;        // of what gave way to another job
constexpr qint64 ScrubBytes = 4LL << 30;  // an hour: some seconds of one core

} // namespace

Housekeeping::Housekeeping(const ServiceContext& context, DownloadCounter& downloads,
                           Maintenance& maintenance)
    : m_context(context), m_downloads(downloads), m_maintenance(maintenance)
{
    const qint64 now = context.clock.nowMs();
    const auto add = [&](const char* name, qint64 everyMs, std::function<Result<void>()> work, bool atEnd) {
        m_tasks.push_back({name, everyMs, std::move(work), atEnd, now + everyMs});
    };
    add(
        "store downloads", MinuteMs, [this] { return storeDownloads(); }, true);
    add(
        "store token use", 5 * MinuteMs, [this] { return m_context.directory.storeTokenUse(); }, true);
    add(
        "scrub", HourMs, [this] { return scrub(); }, false);
    add(
        "sweep", DayMs, [this] { return sweep(); }, false);
    m_tasks.back().dueMs = firstSweepMs(now);
    m_thread = std::thread([this] { loop(); });
}

/// A day after the last one, whichever process did it: many a computer is switched off every day.
qint64 Housekeeping::firstSweepMs(qint64 nowMs) const
{
    const qint64 last = store::lastSweepMs(m_context.database).value_or(0);
    return std::max(nowMs + SettleMs, std::min(last, nowMs) + DayMs);
}

Housekeeping::~Housekeeping()
{
    {
        const std::lock_guard lock(m_stopMutex);
        m_stop = true;
        m_cancel.cancel();
    }
    m_wake.notify_all();
    m_thread.join();
    for (const Task& task : m_tasks) {
        if (task.atEnd)
            (void)run(task);
    }
}

void Housekeeping::loop()
{
    std::unique_lock lock(m_stopMutex);
    while (!m_wake.wait_for(lock, Tick, [this] { return m_stop; })) {
        lock.unlock();
        runDue();
        lock.lock();
    }
}

void Housekeeping::runDue()
{
    const std::lock_guard lock(m_tasksMutex);
    const qint64 now = m_context.clock.nowMs();
    for (Task& task : m_tasks) {
        if (task.dueMs > now)
            continue;
        task.dueMs = now + task.everyMs;
        if (!run(task))
            task.dueMs = std::min(task.dueMs, now + RetryMs);
    }
}

bool Housekeeping::run(const Task& task)
{
    const auto done = task.run();
    if (!done && (done.error().code() == ErrorCode::Busy || done.error().code() == ErrorCode::Cancelled))
        return false;
    if (!done)
        qCWarning(lcHousekeeping) << "failed to" << task.name << done.error().describe();
    return true;
}

Result<void> Housekeeping::storeDownloads()
{
    const auto counts = m_downloads.take();
    if (counts.isEmpty())
        return {};
    const auto added = m_context.packageWriter.addDownloads(counts);
    if (!added)
        m_downloads.putBack(counts);
    return added;
}

CancelToken Housekeeping::newJob()
{
    const std::lock_guard lock(m_stopMutex);
    if (!m_stop)
        m_cancel = CancelToken();
    return m_cancel;
}

Result<void> Housekeeping::sweep()
{
    const auto report = m_maintenance.sweepInBackground(newJob());
    if (!report)
        return forward(report);
    if (report->contents > 0)
        qCInfo(lcHousekeeping) << "swept" << report->contents << "contents," << report->bytes << "bytes";
    return {};
}

Result<void> Housekeeping::scrub()
{
    return m_maintenance.scrubInBackground(ScrubBytes, newJob());
}

} // namespace hublet::service
