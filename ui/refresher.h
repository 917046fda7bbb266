// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <utility>

namespace hublet::ui {

/// Keeps an answer fresh that may take seconds to get: the question is under way once at a time, and is asked
/// once more when it was wanted meanwhile, however often. GUI thread only.
class Refresher {
public:
    /// `ask` starts the question and sees to it that answered() is called when it ended.
    explicit Refresher(std::function<void()> ask) : m_ask(std::move(ask)) {}

    void want()
    {
        if (m_isAsking) {
            m_isWanted = true;
            return;
        }
        m_isAsking = true;
        m_ask();
    }
    void answered()
    {
        m_isAsking = false;
        if (std::exchange(m_isWanted, false))
            want();
    }

private:
    std::function<void()> m_ask;
    bool m_isAsking = false;
    bool m_isWanted = false;
};

} // namespace hublet::ui
