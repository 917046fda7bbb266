// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <deque>
#include <functional>
#include <memory>
#include <mutex>

namespace hublet::http {

/// The memory that the bodies that are gathered whole (Reply::readBody) may take together. Each claims all it
/// may need before its first byte is read, so none ever waits with a part in its hands; who comes when there
/// is no room waits in line. Thread-safe; must outlive its claims.
class BodyBudget {
public:
    /// `bytes`: of all claims at a time.
    explicit BodyBudget(qint64 bytes) : m_total(bytes) {}
    BodyBudget(const BodyBudget&) = delete;
    BodyBudget& operator=(const BodyBudget&) = delete;

    /// A part of the budget, or a place in the line for it, until it is destroyed.
    class Claim {
    public:
        ~Claim();
        Claim(const Claim&) = delete;
        Claim& operator=(const Claim&) = delete;

        [[nodiscard]] bool isGranted() const;

    private:
        friend class BodyBudget;
        Claim(BodyBudget& budget, qint64 bytes, std::function<void()> granted)
            : m_budget(budget), m_bytes(bytes), m_whenGranted(std::move(granted))
        {
        }

        BodyBudget& m_budget;
        const qint64 m_bytes;
        std::function<void()> m_whenGranted;
        bool m_granted = false; ///< under the lock of the budget
    };

    /// `bytes` over the whole budget count as all of it; 0 never waits. A claim that is not granted yet calls
    /// `granted` once when it is, from the thread that made room, unless it was destroyed before: it must not
    /// wait.
    [[nodiscard]] std::unique_ptr<Claim> claim(qint64 bytes, std::function<void()> granted);

private:
    void release(Claim& claim);

    const qint64 m_total;
    mutable std::mutex m_mutex;
    qint64 m_taken = 0;
    std::deque<Claim*> m_line; ///< waiting, the first come first
};

} // namespace hublet::http
