// SPDX-License-Identifier: Apache-2.0
#include "core/base/faultpoint.h"

#ifdef HUBLET_FAULT_POINTS

#include <QByteArray>
#include <QHash>
#include <QList>

#include <chrono>
#include <csignal>
#include <mutex>
#include <thread>

namespace hublet {

namespace {

struct Fault {
    QByteArray action; ///< kill, error or sleep<ms>
    int when = 0;      ///< 0: every pass, n: only the n-th
    int passes = 0;
};

QHash<QByteArray, Fault> parseFaults(const QByteArray& text)
{
    QHash<QByteArray, Fault> faults;
    for (const QByteArray& item : text.split(',')) {
        const qsizetype equals = item.indexOf('=');
        if (equals < 0)
            continue;
        const QList<QByteArray> parts = item.mid(equals + 1).split(':');
        faults.insert(item.left(equals), {parts.value(0), parts.value(1).toInt(), 0});
    }
    return faults;
}

} // namespace

bool faultPointReached(const char* name)
{
    static std::mutex mutex;
    static QHash<QByteArray, Fault> faults = parseFaults(qgetenv("HUBLET_FAULT"));
    QByteArray action;
    {
        const std::lock_guard lock(mutex);
        const auto fault = faults.find(QByteArray(name));
        if (fault == faults.end())
            return false;
        ++fault->passes;
        if (fault->when != 0 && fault->passes != fault->when)
            return false;
        action = fault->action;
    }
    if (action == "kill")
        std::raise(SIGKILL);
    if (action.startsWith("sleep")) {
        std::this_thread::sleep_for(std::chrono::milliseconds(action.mid(5).toInt()));
        return false;
    }
    return action == "error";
}

} // namespace hublet

#endif
