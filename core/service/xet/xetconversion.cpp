// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/xetconversion.h"

#include "core/catalog/reading/catalog.h"
#include "core/service/context/eventbus.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/storestate.h"
#include "core/service/context/xetswitch.h"
#include "core/store/contentstore.h"

#include <QLoggingCategory>

#include <algorithm>

namespace hublet::service {

namespace {

Q_LOGGING_CATEGORY(lcConversion, "hublet.service")

constexpr int PageContents = 32; ///< looked up at once

template <typename Keys>
bool contains(const Keys& keys, const RepositoryKey& key)
{
    return std::find(keys.begin(), keys.end(), key) != keys.end();
}

} // namespace

XetConversion::XetConversion(ServiceContext& context, bool converts)
    : m_context(context), m_converts(converts),
      m_commits(QObject::connect(
          &context.events, &EventBus::otherFormCommitted, &context.events,
          [this](const QString& repository) { checkOnceMore(repository); }, Qt::DirectConnection)),
      m_thread([this] { loop(); })
{
}

XetConversion::~XetConversion()
{
    QObject::disconnect(m_commits);
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
        m_cancel.cancel();
    }
    m_changed.notify_all();
    m_thread.join();
}

void XetConversion::check(const RepositoryKey& key)
{
    if (!m_converts)
        return;
    {
        const std::lock_guard lock(m_mutex);
        (void)stop(key);
        std::erase(m_cancelled, key);
        m_waiting.push_back(key);
    }
    emit m_context.events.conversionChanged(key.text());
    m_changed.notify_all();
}

/// What runs goes on: it may have passed the new contents already.
void XetConversion::checkOnceMore(const QString& repository)
{
    const auto key = RepositoryKey::parse(repository);
    if (!key || !m_converts)
        return;
    {
        const std::lock_guard lock(m_mutex);
        if (contains(m_cancelled, *key) || contains(m_waiting, *key))
            return;
        m_waiting.push_back(*key);
    }
    emit m_context.events.conversionChanged(repository);
    m_changed.notify_all();
}

void XetConversion::cancel(const RepositoryKey& key)
{
    {
        const std::lock_guard lock(m_mutex);
        m_cancelled.push_back(key);
        if (!stop(key))
            return;
    }
    emit m_context.events.conversionChanged(key.text());
}

/// Did it wait? What runs tells by itself when it has ended. With the mutex held.
bool XetConversion::stop(const RepositoryKey& key)
{
    if (m_running == key)
        m_cancel.cancel();
    return std::erase(m_waiting, key) > 0;
}

bool XetConversion::isUnderWay(const RepositoryKey& key) const
{
    const std::lock_guard lock(m_mutex);
    return isQueued(key);
}

bool XetConversion::waitForEnd(const RepositoryKey& key, std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, limit, [&] { return !isQueued(key); });
}

/// With the mutex held.
bool XetConversion::isQueued(const RepositoryKey& key) const
{
    return m_running == key || contains(m_waiting, key);
}

void XetConversion::loop()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_changed.wait(lock, [this] { return m_stop || !m_waiting.empty(); });
        if (m_stop)
            return;
        const RepositoryKey key = m_waiting.front();
        m_waiting.pop_front();
        m_running = key;
        m_cancel = CancelToken();
        const CancelToken cancel = m_cancel;
        lock.unlock();
        if (const auto done = convert(key, cancel); !done && done.error().code() != ErrorCode::Cancelled)
            qCWarning(lcConversion) << "conversion of" << key.text() << "failed:" << done.error().describe();
        lock.lock();
        m_running.reset();
        lock.unlock();
        m_changed.notify_all();
        emit m_context.events.conversionChanged(key.text());
        lock.lock();
    }
}

Result<void> XetConversion::convert(const RepositoryKey& key, const CancelToken& cancel)
{
    const auto repository = m_context.catalog.repository(key);
    if (!repository)
        return forward(repository);
    const auto left = m_context.catalog.countInOtherForm(repository->id, servesXet(*repository));
    if (!left)
        return forward(left);
    if (left->contents == 0)
        return {};
    TransferInfo info;
    info.direction = TransferDirection::Conversion;
    info.repository = key.text();
    info.total = left->bytes;
    info.totalFiles = left->contents;
    const auto progress = m_context.transfers.start(std::move(info));
    qCInfo(lcConversion).noquote() << "converting" << left->contents << "contents of" << key.text() << "to"
                                   << (servesXet(*repository) ? "segments" : "whole files");
    emit m_context.events.conversionChanged(key.text());
    auto done = convertAll(*repository, *progress, cancel);
    if (!done) {
        progress->fail(done.error().detail());
        reportStoreState(m_context);
    }
    return done;
}

Result<void> XetConversion::convertAll(const catalog::Repository& repository, TransferHandle& progress,
                                       const CancelToken& cancel)
{
    Sha256 after;
    qint64 converted = 0;
    qint64 files = 0;
    const auto showRead = [&](qint64 read, qint64) { progress.setDone(converted + read); };
    for (;;) {
        const auto page =
            m_context.catalog.listInOtherForm(repository.id, servesXet(repository), after, PageContents);
        if (!page)
            return forward(page);
        if (page->empty())
            return {};
        after = page->back();
        const auto report = m_context.store.convert(*page, storageForm(repository), showRead, cancel);
        if (!report)
            return forward(report);
        converted += report->bytes;
        progress.setDone(converted);
        files += qint64(page->size());
        progress.setDoneFiles(files);
        if (report->skipped > 0) {
            qCWarning(lcConversion) << report->skipped << "damaged contents of" << repository.key.text()
                                    << "stay as they are";
        }
        // What the catalogue told of these contents may be kept in memory.
        m_context.catalog.noteStorageChange();
    }
}

} // namespace hublet::service
