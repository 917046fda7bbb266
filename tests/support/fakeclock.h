// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"

#include <atomic>

namespace hublet::test {

/// A clock that only moves when a test says so. Thread-safe.
class FakeClock : public Clock {
public:
    explicit FakeClock(qint64 startMs = 1'760'000'000'000) : m_nowMs(startMs) {}
    [[nodiscard]] qint64 nowMs() const override { return m_nowMs.load(); }
    void advance(qint64 ms) { m_nowMs += ms; }

private:
    std::atomic<qint64> m_nowMs;
};

} // namespace hublet::test
