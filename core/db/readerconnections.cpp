// SPDX-License-Identifier: Apache-2.0
#include "core/db/readerconnections.h"

#include <algorithm>

namespace hublet::db {

std::vector<ReaderConnections::Entry>& ReaderConnections::ofThisThread()
{
    static thread_local std::vector<Entry> entries;
    return entries;
}

Result<Connection*> ReaderConnections::get(const Owner& owner)
{
    auto& entries = ofThisThread();
    for (const Entry& entry : entries) {
        if (entry.key == owner.get() && !entry.owner.expired())
            return entry.connection.get();
    }
    std::erase_if(entries, [](const Entry& entry) { return entry.owner.expired(); });
    auto opened = Connection::open(*owner, Connection::Role::Reader);
    if (!opened)
        return forward(opened);
    entries.push_back({owner.get(), owner, std::move(*opened)});
    return entries.back().connection.get();
}

void ReaderConnections::drop(const Owner& owner)
{
    std::erase_if(ofThisThread(), [&](const Entry& entry) { return entry.key == owner.get(); });
}

} // namespace hublet::db
