// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/throttledprogress.h"

#include <QElapsedTimer>

namespace hublet::service {

namespace {

constexpr qint64 IntervalMs = 200;

} // namespace

ProgressFunction throttled(ProgressFunction progress)
{
    if (!progress)
        return [](qint64, qint64) {};
    return [progress = std::move(progress), timer = QElapsedTimer()](qint64 done, qint64 total) mutable {
        if (timer.isValid() && timer.elapsed() < IntervalMs && (done < total || total == 0))
            return;
        timer.start();
        progress(done, total);
    };
}

} // namespace hublet::service
