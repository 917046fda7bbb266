// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/base/uniquefd.h"

#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace hublet::store {

/// Open descriptors of stored files, the least recently used closed first (by us; readers keep theirs).
/// Stored files never change, so a descriptor is good for ever. Thread-safe.
class FileCache {
public:
    using File = std::shared_ptr<const UniqueFd>;

    explicit FileCache(std::size_t capacity) : m_capacity(capacity) {}

    /// The descriptor of stored file `id`, opened by `open` when it is not cached.
    [[nodiscard]] Result<File> get(qint64 id, const std::function<Result<UniqueFd>()>& open);
    void forget(qint64 id);
    /// A file was replaced under its name: nothing that is open is trusted to be what the name says.
    void clear();

private:
    struct Entry {
        qint64 id;
        File file;
    };
    const std::size_t m_capacity;
    std::mutex m_mutex;
    std::list<Entry> m_entries; ///< most recently used first
    std::unordered_map<qint64, std::list<Entry>::iterator> m_byId;
    quint64 m_forgotten = 0; ///< number of forget() calls: a file opened meanwhile is not kept
};

} // namespace hublet::store
