// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

namespace hublet::catalog {

/// What one request may spend on comparing paths with patterns, which both come from clients: a pattern can
/// cost its own length times the path's. Not thread-safe: each request has its own.
class MatchBudget {
public:
    /// Steps of GlobPattern: a few seconds at most. Ten thousand files in folders five deep under two hundred
    /// ordinary rules take a sixth of it.
    static constexpr qint64 Default = 1'000'000'000;

    explicit MatchBudget(qint64 steps = Default) : m_left(steps) {}

    /// False when there is not so much left: then nothing is any more.
    [[nodiscard]] bool spend(qint64 steps)
    {
        m_left = steps <= m_left ? m_left - steps : -1;
        return m_left >= 0;
    }
    /// Has something been refused? Then what was found so far says nothing.
    [[nodiscard]] bool isSpent() const { return m_left < 0; }

private:
    qint64 m_left;
};

} // namespace hublet::catalog
