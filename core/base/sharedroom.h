// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <algorithm>
#include <atomic>

namespace hublet {

/// Divides memory among the queues that are open at a time: few may buffer much, many only little each.
/// Thread-safe.
class SharedRoom {
public:
    /// In bytes. `least` is what every queue may have, even when there are so many that it exceeds `total`.
    struct Bounds {
        qsizetype total = 0;
        qsizetype least = 0;
        qsizetype most = 0;
    };
    explicit SharedRoom(const Bounds& bounds) : m_bounds(bounds) {}

    /// One queue's part of a room, which must outlive it.
    class Share {
    public:
        explicit Share(SharedRoom& room) : m_room(room)
        {
            m_room.m_open.fetch_add(1, std::memory_order_relaxed);
        }
        ~Share() { m_room.m_open.fetch_sub(1, std::memory_order_relaxed); }
        Share(const Share&) = delete;
        Share& operator=(const Share&) = delete;

        /// What the queue may hold now; less when others open, more when they close.
        [[nodiscard]] qsizetype bytes() const
        {
            const qsizetype open = m_room.m_open.load(std::memory_order_relaxed);
            return std::clamp(m_room.m_bounds.total / open, m_room.m_bounds.least, m_room.m_bounds.most);
        }

    private:
        SharedRoom& m_room;
    };

private:
    const Bounds m_bounds;
    std::atomic<qsizetype> m_open{0};
};

} // namespace hublet
