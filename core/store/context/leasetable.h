// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"

#include <condition_variable>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace hublet::store {

/// Who may not be deleted right now. A lease keeps a content (or a pack, by its name) from the sweep between
/// the moment an upload looks whether it exists and the moment the upload's transaction is over; the sweep in
/// turn dooms what it is about to delete, and a lease on something doomed waits until it is gone. In memory
/// only: the data folder belongs to one process, and with the process its uploads are over too. Thread-safe.
class LeaseTable {
public:
    /// Leases are counted: each acquire() needs a release(). Waits while `name` is doomed; never call it from
    /// the thread that doomed it, or inside a database transaction.
    void acquire(const Sha256& name);
    void release(const Sha256& name);

    /// False when somebody holds a lease on `name`.
    [[nodiscard]] bool doom(const Sha256& name);
    void pardon(const Sha256& name);

private:
    std::mutex m_mutex;
    std::condition_variable m_pardoned;
    std::unordered_map<Sha256, int> m_leases;
    std::unordered_set<Sha256> m_doomed;
};

/// Holds one lease while it lives.
class LeaseHold {
public:
    LeaseHold(LeaseTable& leases, const Sha256& name) : m_leases(leases), m_name(name)
    {
        m_leases.acquire(name);
    }
    ~LeaseHold() { m_leases.release(m_name); }
    LeaseHold(const LeaseHold&) = delete;
    LeaseHold& operator=(const LeaseHold&) = delete;

private:
    LeaseTable& m_leases;
    const Sha256 m_name;
};

/// Pardons what it doomed when it goes out of scope.
class DoomedSet {
public:
    explicit DoomedSet(LeaseTable& leases) : m_leases(leases) {}
    ~DoomedSet()
    {
        for (const Sha256& name : m_names)
            m_leases.pardon(name);
    }
    DoomedSet(const DoomedSet&) = delete;
    DoomedSet& operator=(const DoomedSet&) = delete;

    [[nodiscard]] bool add(const Sha256& name) { return m_leases.doom(name) && m_names.insert(name).second; }

private:
    LeaseTable& m_leases;
    std::unordered_set<Sha256> m_names;
};

} // namespace hublet::store
