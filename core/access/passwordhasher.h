// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <condition_variable>
#include <mutex>
#include <utility>

namespace hublet::access {

/// How hard a password hash is to compute (argon2id).
enum class PasswordCost {
    Interactive, ///< 64 MiB and about 0.1 s (reliability 4.1)
    Minimal,     ///< 8 KiB: for tests only
};

/// Hashes and verifies passwords with argon2id. Thread-safe. Blocks for about 0.1 s, and longer while others
/// are at it: at most MaxAtOnce run at the same time, so that a flood of log-ins cannot fill the memory.
class PasswordHasher {
public:
    static constexpr int MaxAtOnce = 2;
    static constexpr int MaxWaitMs = 10'000; ///< for a turn
    static constexpr qsizetype MinPasswordBytes = 8;
    static constexpr qsizetype MaxPasswordBytes = 1024;

    /// One of the MaxAtOnce places, given back on destruction.
    class Turn {
    public:
        explicit Turn(const PasswordHasher& hasher) : m_hasher(&hasher) {}
        ~Turn();
        Turn(Turn&& other) noexcept : m_hasher(std::exchange(other.m_hasher, nullptr)) {}
        Turn& operator=(Turn&&) = delete;

    private:
        const PasswordHasher* m_hasher;
    };

    explicit PasswordHasher(PasswordCost cost);

    /// Waits for a place. Errors: Busy (none in time).
    [[nodiscard]] Result<Turn> takeTurn() const;
    /// Takes a turn of its own. Errors: InvalidArgument (length), Busy, Internal (out of memory).
    [[nodiscard]] Result<QByteArray> hash(QByteArrayView password) const;
    /// An empty `hash` (unknown user, user without a password) costs the same time and is never right.
    [[nodiscard]] bool verify(const Turn& turn, const QByteArray& hash, QByteArrayView password) const;
    /// Was `hash` made with other parameters than hash() uses now?
    [[nodiscard]] bool isOutdated(const QByteArray& hash) const;

private:
    const unsigned long long m_operations;
    const std::size_t m_memoryBytes;
    const QByteArray m_dummyHash; ///< well formed, right for no password
    mutable std::mutex m_mutex;
    mutable std::condition_variable m_turnEnded;
    mutable int m_running = 0;
};

} // namespace hublet::access
