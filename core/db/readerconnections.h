// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/connection.h"

namespace hublet::db {

/// The reader connections of the calling thread, one per open Database. They are closed when the thread ends,
/// or when the thread next reads after their Database was destroyed: a Qt SQL connection may only be used and
/// closed on its thread.
class ReaderConnections {
public:
    /// Names one open Database; a dead one is noticed by its expired owner.
    using Owner = std::shared_ptr<const DatabaseOptions>;

    [[nodiscard]] static Result<Connection*> get(const Owner& owner);
    /// Closes the calling thread's connection to `owner`, if there is one.
    static void drop(const Owner& owner);

private:
    struct Entry {
        const DatabaseOptions* key = nullptr;
        std::weak_ptr<const DatabaseOptions> owner;
        std::unique_ptr<Connection> connection;
    };
    static std::vector<Entry>& ofThisThread();
};

} // namespace hublet::db
