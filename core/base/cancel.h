// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <atomic>
#include <functional>
#include <memory>

namespace hublet {

/// A flag that long work looks at between two steps. Copies share the flag. Thread-safe.
class CancelToken {
public:
    CancelToken() : m_flag(std::make_shared<std::atomic_bool>(false)) {}
    void cancel() const { m_flag->store(true, std::memory_order_relaxed); }
    [[nodiscard]] bool isCancelled() const { return m_flag->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic_bool> m_flag;
};

/// Called from the working thread, at most a few times a second: done and total in the unit the function names;
/// total is 0 while unknown.
using ProgressFunction = std::function<void(qint64 done, qint64 total)>;

} // namespace hublet
