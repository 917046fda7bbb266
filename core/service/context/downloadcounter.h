// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>

#include <mutex>

namespace hublet::service {

/// Counts downloads in memory, so that none costs a write; housekeeping adds them to the packages every
/// minute. Thread-safe.
class DownloadCounter {
public:
    /// `package`: row id.
    void count(qint64 package);
    /// What was counted since the last call, by package.
    [[nodiscard]] QHash<qint64, qint64> take();

    /// They could not be stored: counts them again.
    void putBack(const QHash<qint64, qint64>& counts);

private:
    std::mutex m_mutex;
    QHash<qint64, qint64> m_counts;
};

} // namespace hublet::service
