// SPDX-License-Identifier: Apache-2.0
#include "core/http/cputurn.h"

#include <QtGlobal>

#include <chrono>

#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace hublet::http {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::microseconds TurnTime{500};

/// What sched_setattr(2) takes, in its first version. <linux/sched/types.h> has it too, but cannot be
/// included beside <sched.h> everywhere.
struct SchedulingAttributes {
    quint32 size;
    quint32 policy;
    quint64 flags;
    qint32 nice;
    quint32 priority;
    quint64 runtime; ///< the slice, in nanoseconds
    quint64 deadline;
    quint64 period;
};
static_assert(sizeof(SchedulingAttributes) == 48);

/// From Linux 6.12 on a thread may name the slice it wants (the kernel's own is about 3 ms): it gives up less
/// by yielding, and others wait less for it. Older kernels know no such wish and ignore it.
void askForShortSlices()
{
    SchedulingAttributes attributes{};
    if (::syscall(SYS_sched_getattr, 0, &attributes, sizeof(attributes), 0) != 0)
        return;
    attributes.runtime = quint64(std::chrono::nanoseconds(TurnTime).count());
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

} // namespace

void offerCpuTurn()
{
    thread_local Clock::time_point turnEnd = [] {
        askForShortSlices();
        return Clock::now() + TurnTime;
    }();
    const Clock::time_point now = Clock::now();
    if (now < turnEnd)
        return;
    ::sched_yield();
    turnEnd = Clock::now() + TurnTime;
}

} // namespace hublet::http
