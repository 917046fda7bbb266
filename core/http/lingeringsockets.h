// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/uniquefd.h"

#include <QtGlobal>

#include <poll.h>

#include <chrono>
#include <mutex>
#include <vector>

namespace hublet::http {

/// Sockets whose connection is over for us while the client may still be sending a body that was refused.
/// Closing them at once would make the kernel send a reset, and some systems then throw the answer away
/// before the client has read it. So what comes is discarded until the client closes, for a bounded time and
/// amount.
class LingeringSockets {
public:
    /// Any thread. Ends our direction of the stream.
    void add(UniqueFd socket);

    // The thread that serves them.

    void appendTo(std::vector<pollfd>& polled) const;
    /// Reads what there is; lets go of those that are done.
    void drain();
    [[nodiscard]] bool isEmpty() const;
    /// When to call drain() even if nothing comes.
    [[nodiscard]] static std::chrono::milliseconds interval();

private:
    struct Entry {
        UniqueFd socket;
        std::chrono::steady_clock::time_point until;
        qint64 discarded = 0; ///< bytes
    };
    static bool isDone(Entry& entry);

    mutable std::mutex m_mutex;
    std::vector<Entry> m_entries;
};

} // namespace hublet::http
