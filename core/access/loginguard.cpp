// SPDX-License-Identifier: Apache-2.0
#include "core/access/loginguard.h"

namespace hublet::access {

namespace {

// One table for both: an address is never mistaken for an account.
QByteArray accountKey(const QByteArray& account)
{
    return 'u' + account;
}
QByteArray addressKey(const QByteArray& address)
{
    return 'a' + address;
}

void forgetOld(QList<qint64>& failuresMs, qint64 nowMs)
{
    while (!failuresMs.isEmpty() && nowMs - failuresMs.first() >= LoginGuard::WindowMs)
        failuresMs.removeFirst();
}

} // namespace

bool LoginGuard::begin(const QByteArray& account, const QByteArray& address)
{
    const std::lock_guard lock(m_mutex);
    const qint64 nowMs = m_clock.nowMs();
    if (isLocked(accountKey(account), MaxFailuresPerAccount, nowMs) || !hasRoom(nowMs))
        return false;
    if (!address.isEmpty() && isLocked(addressKey(address), MaxFailuresPerAddress, nowMs))
        return false;
    ++m_records[accountKey(account)].underWay;
    if (!address.isEmpty())
        ++m_records[addressKey(address)].underWay;
    return true;
}

void LoginGuard::finish(const QByteArray& account, const QByteArray& address, bool isRight)
{
    const std::lock_guard lock(m_mutex);
    const qint64 nowMs = m_clock.nowMs();
    end(accountKey(account), !isRight, isRight, nowMs);
    if (!address.isEmpty())
        end(addressKey(address), !isRight, false, nowMs);
}

bool LoginGuard::isLocked(const QByteArray& key, int limit, qint64 nowMs)
{
    const auto record = m_records.find(key);
    if (record == m_records.end())
        return false;
    forgetOld(record->failuresMs, nowMs);
    return record->failuresMs.size() + record->underWay >= limit;
}

bool LoginGuard::hasRoom(qint64 nowMs)
{
    if (m_records.size() < MaxKeys)
        return true;
    m_records.removeIf([&](auto record) {
        forgetOld(record->failuresMs, nowMs);
        return record->failuresMs.isEmpty() && record->underWay == 0;
    });
    return m_records.size() < MaxKeys;
}

void LoginGuard::end(const QByteArray& key, bool failed, bool forgive, qint64 nowMs)
{
    const auto record = m_records.find(key);
    Q_ASSERT(record != m_records.end() && record->underWay > 0);
    --record->underWay;
    if (failed)
        record->failuresMs += nowMs;
    if (forgive)
        record->failuresMs.clear();
    if (record->failuresMs.isEmpty() && record->underWay == 0)
        m_records.erase(record);
}

} // namespace hublet::access
