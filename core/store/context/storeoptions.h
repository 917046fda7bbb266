// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <functional>

namespace hublet::store {

struct StoreOptions {
    QString folder; ///< `<data folder>/store`; created with mode 0700
    qint64 keepUnreferencedMs =
        24LL * 3600 * 1000;           ///< DECISIONS 20: how long content lives that nothing refers to
    qint64 keepFreeBytes = 1LL << 30; ///< writes are refused (NoSpace) when less would stay free ...
    double keepFreeRatio = 0.03;      ///< ... or less than this part of the file system
    /// Segments: stored chunks are used again in runs of at least so many, lest reading becomes scattered.
    quint32 minRunChunks = 8;
    /// Called once, from any thread, when the store stops accepting writes; the reason is a sentence for a
    /// person.
    std::function<void(const QString& reason)> becameReadOnly = {};
};

} // namespace hublet::store
