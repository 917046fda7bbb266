// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>

namespace hublet::store {

/// As long as it lives, no file of the store is unlinked whose row is gone: a backup copies rows first and
/// files later. What was kept so is an orphan of the next sweep. Thread-safe.
class KeptFiles {
public:
    explicit KeptFiles(std::atomic_int& holders) : m_holders(holders) { ++m_holders; }
    ~KeptFiles() { --m_holders; }
    KeptFiles(const KeptFiles&) = delete;
    KeptFiles& operator=(const KeptFiles&) = delete;

private:
    std::atomic_int& m_holders;
};

} // namespace hublet::store
