// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"

#include <QObject>

#include <atomic>
#include <memory>
#include <mutex>
#include <vector>

namespace hublet::service {

enum class TransferDirection { Upload, Download };

/// One running or finished transfer, as a value for the window.
struct TransferInfo {
    qint64 id = 0;
    TransferDirection direction = TransferDirection::Upload;
    QString principal;
    QString client; ///< User-Agent, shortened
    QString repository;
    QString package;  ///< "models/acme/bert-tiny"; empty when the protocol does not say (LFS PUT)
    QString revision;
    QString file;
    qint64 total = -1; ///< bytes; -1 unknown
    qint64 done = 0;   ///< bytes
    qint64 startedMs = 0;
    qint64 endedMs = 0; ///< 0 while running
    QString error;      ///< why it ended early
};

class Transfers;

/// Held by whoever moves the bytes; reports progress and ends the transfer when destroyed. add() is lock-free.
class TransferHandle {
public:
    ~TransferHandle();
    void add(qint64 bytes) { m_done.fetch_add(bytes, std::memory_order_relaxed); }
    void setTotal(qint64 bytes) { m_total.store(bytes, std::memory_order_relaxed); }
    void fail(const QString& why);

private:
    friend class Transfers;
    TransferHandle(Transfers& owner, TransferInfo info);
    Transfers& m_owner;
    TransferInfo m_info;
    std::atomic<qint64> m_done{0};
    std::atomic<qint64> m_total{-1};
};

/// Registry of transfers: what runs, what ran last. Thread-safe. The window polls snapshot() a few times a second.
class Transfers {
public:
    static constexpr int HistoryLimit = 500; ///< finished transfers kept

    [[nodiscard]] std::shared_ptr<TransferHandle> start(TransferInfo info);
    /// Running ones first, newest first.
    [[nodiscard]] std::vector<TransferInfo> snapshot() const;

private:
    friend class TransferHandle;
    void end(TransferHandle& handle);

    mutable std::mutex m_mutex;
    qint64 m_nextId = 1;
    std::vector<TransferHandle*> m_running;
    std::vector<TransferInfo> m_history;
};

} // namespace hublet::service
