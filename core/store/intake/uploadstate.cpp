// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/uploadstate.h"

#include "core/base/faultpoint.h"

#include <QLoggingCategory>

#include <utility>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

/// Small contents are looked up so many bytes or pieces at a time.
constexpr qint64 PendingBytes = 4LL << 20;
constexpr std::size_t PendingContents = 4096;

} // namespace

UploadState::~UploadState()
{
    for (const Sha256& name : m_leases)
        context.leases.release(name);
    publisher.removeUnrecorded();
    if (!context.database.acceptsWrites())
        return;
    for (const StoredFile& file : m_left) {
        context.forget(file.id);
        if (const auto removed = context.removeUnrecorded(file); !removed)
            qCWarning(storeLog, "left a file for the sweep: %s", qUtf8Printable(removed.error().describe()));
    }
}

void UploadState::lease(const Sha256& name)
{
    context.leases.acquire(name);
    m_leases.push_back(name);
}

Result<void> UploadState::leave(db::Transaction& transaction, const StoredFile& file)
{
    if (file.kind != FileKind::Blob)
        return {};
    const auto deleted = queries::deleteEmptyFile(transaction, file.id);
    if (!deleted)
        return forward(deleted);
    if (!*deleted)
        return {};
    if (HUBLET_FAULT_POINT("mutant.blob-before-commit"))
        (void)context.folder->remove(file);
    m_left.push_back(file);
    return {};
}

void SmallContents::add(EndedContent content)
{
    m_bytes += content.bytes.size();
    m_contents.push_back(std::move(content));
}

bool SmallContents::isFull() const
{
    return m_bytes >= PendingBytes || m_contents.size() >= PendingContents;
}

Result<std::vector<SmallContents::Known>> SmallContents::takeNew(UploadState& state)
{
    std::vector<EndedContent> contents = std::exchange(m_contents, {});
    m_bytes = 0;
    std::vector<std::optional<ContentRow>> rows;
    const auto looked = state.context.database.read([&](db::Transaction& transaction) -> Result<void> {
        for (const EndedContent& content : contents) {
            auto row = queries::findContent(transaction, content.staged.sha256);
            if (!row)
                return forward(row);
            rows.push_back(std::move(*row));
        }
        return {};
    });
    if (!looked)
        return forward(looked);
    std::vector<Known> fresh;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        if (state.mayKeep(rows[i]))
            state.kept.push_back(contents[i].staged.sha256);
        else
            fresh.push_back({std::move(contents[i]), std::move(rows[i])});
    }
    return fresh;
}

} // namespace hublet::store
