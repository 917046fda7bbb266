// SPDX-License-Identifier: Apache-2.0
#include "core/store/context/filepublisher.h"

#include "core/base/faultpoint.h"

#include <QLoggingCategory>

#include <set>
#include <utility>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr std::size_t MaxOpenFiles = 64;

} // namespace

FilePublisher::~FilePublisher()
{
    for (Pending& pending : m_pending) {
        // Also of an upload that was given up: the kernel tells a failed sync once, and it is everybody's.
        if (const auto synced = waitForSync(pending); !synced)
            qCWarning(storeLog, "an upload was given up: %s", qUtf8Printable(synced.error().describe()));
    }
    removeUnrecorded();
}

void FilePublisher::add(std::unique_ptr<StagedFile> staged, const StoredFile& file, bool replaces)
{
    if (m_pending.size() >= MaxOpenFiles && !m_failure) {
        if (const auto linked = linkOldest(); !linked)
            m_failure = linked.error();
    }
    auto promise = std::make_shared<std::promise<Result<void>>>();
    m_pending.push_back({std::move(staged), promise->get_future(), false, replaces});
    m_files.push_back(file);
    const bool unsynced = file.kind == FileKind::Xorb && HUBLET_FAULT_POINT("mutant.no-xorb-fsync");
    m_context.syncing.post([promise, unsynced, target = m_pending.back().staged.get()] {
        promise->set_value(unsynced ? Result<void>() : target->seal());
    });
}

Result<void> FilePublisher::publish()
{
    if (const auto writable = m_context.checkWritable(); !writable)
        return writable;
    if (m_failure)
        return tl::unexpected<Error>(*m_failure);
    for (Pending& pending : m_pending) {
        if (const auto synced = waitForSync(pending); !synced)
            return synced;
    }
    if (HUBLET_FAULT_POINT("store.after-sync"))
        return fail(ErrorCode::Io, QStringLiteral("Cannot go on after the sync of a file"));

    while (!m_pending.empty()) {
        if (const auto linked = linkOldest(); !linked)
            return linked;
    }
    std::set<QByteArray> syncedFolders;
    for (const StoredFile& file : m_files) {
        if (!syncedFolders.insert(file.folder()).second)
            continue;
        if (const auto synced = m_context.folder->syncFolderOf(file); !synced)
            return failed(synced.error());
    }
    if (HUBLET_FAULT_POINT("store.after-folder-sync"))
        return fail(ErrorCode::Io, QStringLiteral("Cannot go on after the sync of a folder"));
    return {};
}

/// A failed sync puts in doubt what the disk holds; whatever else fails is the matter of this upload alone.
tl::unexpected<Error> FilePublisher::failed(const Error& error)
{
    return tl::unexpected<Error>(error.code() == ErrorCode::ReadOnly ? m_context.syncFailed(error) : error);
}

Result<void> FilePublisher::waitForSync(Pending& pending)
{
    if (std::exchange(pending.isSynced, true))
        return {};
    if (const auto synced = pending.synced.get(); !synced)
        return failed(synced.error());
    return {};
}

Result<void> FilePublisher::linkOldest()
{
    if (const auto synced = waitForSync(m_pending.front()); !synced)
        return synced;
    Pending pending = std::move(m_pending.front());
    m_pending.pop_front();
    // Counted also when the name was taken: whoever is last without a row removes the file.
    if (const auto linked = link(pending, m_files[m_linked++]); !linked)
        return failed(linked.error());
    if (HUBLET_FAULT_POINT("store.after-link"))
        return fail(ErrorCode::Io, QStringLiteral("Cannot go on after naming a file"));
    return {};
}

Result<void> FilePublisher::link(Pending& pending, const StoredFile& file)
{
    if (!pending.replaces) {
        const auto linked = m_context.folder->link(*pending.staged, file);
        if (!linked)
            return forward(linked);
        if (*linked)
            return {};
    }
    // One at a time, so that nobody moves away what another upload of the same content has just repaired.
    const std::lock_guard lock(m_context.repair);
    const auto same = m_context.isSound(file);
    if (!same && same.error().code() != ErrorCode::NotFound)
        return forward(same);
    if (same && *same)
        return {}; // left by an upload that did not finish, or just made by another one
    if (same) {
        if (const auto moved = m_context.folder->quarantine(file); !moved)
            return moved;
        m_context.files.clear(); // `file` has no id before it is recorded
    }
    const auto linked = m_context.folder->link(*pending.staged, file);
    if (!linked)
        return forward(linked);
    if (!*linked)
        return fail(ErrorCode::Corrupt, QStringLiteral("A damaged file cannot be replaced"));
    return {};
}

void FilePublisher::removeUnrecorded()
{
    const std::size_t linked = std::exchange(m_linked, 0);
    // After a failed commit of the database nobody knows before the next start whether the rows are there.
    if (linked == 0 || !m_context.database.acceptsWrites())
        return;
    for (std::size_t i = 0; i < linked; ++i) {
        if (const auto removed = m_context.removeUnrecorded(m_files[i]); !removed)
            qCWarning(storeLog, "left a file for the sweep: %s", qUtf8Printable(removed.error().describe()));
    }
}

} // namespace hublet::store
