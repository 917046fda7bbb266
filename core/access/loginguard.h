// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"

#include <QByteArray>
#include <QHash>
#include <QList>

#include <mutex>

namespace hublet::access {

/// Counts wrong passwords per account and per address and locks both out for a while (reliability 2.1).
/// Unknown accounts count like known ones, so a lock tells nothing. Kept in memory only: a restart forgets.
/// Thread-safe.
class LoginGuard {
public:
    /// `clock` must outlive the guard.
    explicit LoginGuard(const Clock& clock) : m_clock(clock) {}

    static constexpr int MaxFailuresPerAccount = 5;
    static constexpr int MaxFailuresPerAddress = 20;
    static constexpr qint64 WindowMs = 5 * 60 * 1000;
    static constexpr qsizetype MaxAccountLength =
        64;                                      ///< characters; longer names cannot exist and count as one
    static constexpr qsizetype MaxKeys = 20'000; ///< accounts and addresses remembered

    /// May a password be tried now? An attempt under way counts as wrong until finish(), which must follow
    /// after true, so that parallel guesses cannot slip through. `account` in lower case; an empty `address`
    /// is not counted.
    [[nodiscard]] bool begin(const QByteArray& account, const QByteArray& address);
    /// Ends the attempt. A right password forgets the account's failures, but not the address's.
    void finish(const QByteArray& account, const QByteArray& address, bool isRight);

private:
    struct Record {
        QList<qint64> failuresMs; ///< oldest first, those of the last WindowMs
        int underWay = 0;
    };
    [[nodiscard]] bool isLocked(const QByteArray& key, int limit, qint64 nowMs);
    [[nodiscard]] bool hasRoom(qint64 nowMs);
    void end(const QByteArray& key, bool failed, bool forgive, qint64 nowMs);

    const Clock& m_clock;
    std::mutex m_mutex;
    QHash<QByteArray, Record> m_records;
};

} // namespace hublet::access
