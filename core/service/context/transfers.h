// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"

#include <QString>

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <vector>

namespace hublet::service {

enum class TransferDirection {
    Upload,
    Download,
    Conversion, ///< from one form of storage to the other; nobody else takes part
};

/// One running or finished transfer, as a value for the window.
struct TransferInfo {
    qint64 id = 0;
    TransferDirection direction = TransferDirection::Upload;
    QString principal;
    QString client; ///< User-Agent, shortened
    QString repository;
    QString package; ///< "models/acme/bert-tiny"; empty when the protocol does not say (LFS PUT)
    QString revision;
    QString file;
    qint64 total = -1; ///< bytes; -1 unknown
    qint64 done = 0;   ///< bytes
    qint64 totalFiles = -1; ///< of a conversion; -1: they do not count
    qint64 doneFiles = 0;
    qint64 startedMs = 0;
    qint64 endedMs = 0; ///< 0 while running
    QString error;      ///< why it ended early
};

class Transfers;

/// Held by whoever moves the bytes; reports progress and ends the transfer when destroyed. add() is
/// lock-free.
class TransferHandle {
public:
    TransferHandle(const TransferHandle&) = delete;
    TransferHandle& operator=(const TransferHandle&) = delete;
    ~TransferHandle();
    void add(qint64 bytes) { m_done.fetch_add(bytes, std::memory_order_relaxed); }
    void setDone(qint64 bytes) { m_done.store(bytes, std::memory_order_relaxed); }
    void setDoneFiles(qint64 files) { m_doneFiles.store(files, std::memory_order_relaxed); }
    void setTotal(qint64 bytes) { m_total.store(bytes, std::memory_order_relaxed); }
    void fail(const QString& why); ///< the first reason stays

private:
    friend class Transfers;
    TransferHandle(Transfers& owner, TransferInfo info);
    [[nodiscard]] TransferInfo current() const; ///< the caller holds the owner's mutex

    Transfers& m_owner;
    TransferInfo m_info;
    std::atomic<qint64> m_done{0};
    std::atomic<qint64> m_doneFiles{0};
    std::atomic<qint64> m_total{-1};
};

/// Registry of transfers: what runs, what ran last. Thread-safe; outlives its handles. The window polls
/// snapshot() a few times a second.
class Transfers {
public:
    static constexpr int HistoryLimit = 500; ///< finished transfers kept

    Transfers(); ///< on the system's clock
    explicit Transfers(const Clock& clock) : m_clock(clock) {}

    /// `info` says who moves what; id and times are set here.
    [[nodiscard]] std::shared_ptr<TransferHandle> start(TransferInfo info);
    /// Running ones first, newest first.
    [[nodiscard]] std::vector<TransferInfo> snapshot() const;

private:
    friend class TransferHandle;
    void end(TransferHandle& handle);

    const Clock& m_clock;
    mutable std::mutex m_mutex;
    qint64 m_nextId = 1;
    std::vector<TransferHandle*> m_running; ///< oldest first
    std::deque<TransferInfo> m_history;     ///< newest first
};

} // namespace hublet::service
