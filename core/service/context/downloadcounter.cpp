// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/downloadcounter.h"

#include <utility>

namespace hublet::service {

void DownloadCounter::count(qint64 package)
{
    const std::lock_guard lock(m_mutex);
    ++m_counts[package];
}

QHash<qint64, qint64> DownloadCounter::take()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_counts, {});
}

void DownloadCounter::putBack(const QHash<qint64, qint64>& counts)
{
    const std::lock_guard lock(m_mutex);
    for (auto count = counts.begin(); count != counts.end(); ++count)
        m_counts[count.key()] += count.value();
}

} // namespace hublet::service
