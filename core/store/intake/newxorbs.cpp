// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/newxorbs.h"

#include "core/store/tables/xorbqueries.h"

namespace hublet::store {

Result<NewXorbs::Place> NewXorbs::add(const xet::Chunk& chunk, QByteArrayView payload)
{
    if (m_open && !m_open->hasRoomFor(chunk.bytes)) {
        if (const auto closed = close(); !closed)
            return forward(closed);
    }
    if (!m_open) {
        auto staged = m_state.context.folder->stage();
        if (!staged)
            return forward(staged);
        m_open = std::make_unique<XorbWriter>(std::move(*staged));
    }
    const auto position = m_open->add(chunk, payload);
    if (!position)
        return forward(position);
    const Place place{quint32(m_closed.size()), *position};
    m_places.emplace(chunk.hash, place);
    return place;
}

std::optional<NewXorbs::Place> NewXorbs::find(const XetHash& chunk) const
{
    const auto known = m_places.find(chunk);
    return known == m_places.end() ? std::nullopt : std::optional(known->second);
}

const XorbIndex* NewXorbs::index(quint32 xorb) const
{
    if (m_open && xorb == m_closed.size())
        return &m_open->index();
    const quint32 first = firstInWindow();
    return xorb >= first && xorb < m_closed.size() ? &m_window[xorb - first] : nullptr;
}

Result<void> NewXorbs::close()
{
    if (!m_open)
        return {};
    const std::unique_ptr<XorbWriter> finished = std::move(m_open);
    if (const auto done = finished->finish(); !done)
        return done;
    StoredFile file = finished->storedFile();
    m_state.lease(file.name);
    // A damaged xorb of the same chunks is replaced.
    const auto known = m_state.context.database.read(
        [&](db::Transaction& transaction) { return queries::findXorb(transaction, xorbHashOf(file.name)); });
    if (!known)
        return forward(known);
    if (*known)
        file.id = (*known)->file.id;
    m_state.publisher.add(finished->takeFile(), file, *known && (*known)->verifiedMs == 0);
    m_closed.push_back(file);
    m_window.push_back(finished->index());
    if (m_window.size() > WindowXorbs)
        forgetOldest();
    return {};
}

void NewXorbs::forgetOldest()
{
    const quint32 oldest = firstInWindow();
    for (const xet::Chunk& chunk : m_window.front().chunks()) {
        const auto known = m_places.find(chunk.hash);
        if (known != m_places.end() && known->second.xorb == oldest)
            m_places.erase(known);
    }
    m_window.pop_front();
}

} // namespace hublet::store
