// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

namespace hublet::service {

/// Lets one maintenance job run at a time; one of the background gives way to one that somebody asked for.
/// Thread-safe; outlives its turns.
class MaintenanceTurns {
public:
    /// The right to work, until it is destroyed.
    class Turn {
    public:
        Turn(Turn&& other) noexcept : m_owner(std::exchange(other.m_owner, nullptr)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn();

    private:
        friend class MaintenanceTurns;
        explicit Turn(MaintenanceTurns& owner) : m_owner(&owner) {}
        MaintenanceTurns* m_owner;
    };

    /// Cancels a background job and waits until it has ended. Error: Busy (another job was asked for before).
    [[nodiscard]] Result<Turn> take();
    /// `cancel` is cancelled when the job shall give way. Error: Busy (any job runs).
    [[nodiscard]] Result<Turn> takeInBackground(const CancelToken& cancel);

private:
    void end();

    std::mutex m_mutex;
    std::condition_variable m_ended;
    bool m_running = false;
    std::optional<CancelToken> m_background; ///< of the job that runs, when it is one
};

} // namespace hublet::service
