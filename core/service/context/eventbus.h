// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/names.h"

#include <QObject>

#include <atomic>

namespace hublet::service {

/// Tells the window and whoever else listens what changed. Services post after the change is durable; signals
/// are emitted from the thread that made the change, so receivers in the GUI thread get them queued. All
/// values are copies.
class EventBus : public QObject {
    Q_OBJECT
public:
    using QObject::QObject;

    /// Emits storeBecameReadOnly the first time only: there is no way back but a restart. Thread-safe.
    void postStoreReadOnly(const QString& reason)
    {
        if (!m_storeReadOnly.exchange(true))
            emit storeBecameReadOnly(reason);
    }

signals:
    void repositoryAdded(const QString& repository);
    void repositoryChanged(const QString& repository);
    void repositoryRemoved(const QString& repository);
    /// A conversion of what is stored was asked for, begins or ended, whichever way (XetConversion).
    void conversionChanged(const QString& repository);
    /// A commit into a repository with Xet on named contents that are stored whole. Those that are stored as
    /// segments may stay so where Xet is off: another repository may use them.
    void otherFormCommitted(const QString& repository);
    void packageAdded(const QString& repository, hublet::PackageType type, const QString& id);
    /// Settings, card, size or head changed.
    void packageChanged(const QString& repository, hublet::PackageType type, const QString& id);
    void packageRemoved(const QString& repository, hublet::PackageType type, const QString& id);
    void packageMoved(const QString& repository, hublet::PackageType type, const QString& from,
                      const QString& to);
    /// A ref came, moved or went; `ref` is what clients say ("main", "refs/pr/1").
    void refChanged(const QString& repository, hublet::PackageType type, const QString& id,
                    const QString& ref);
    void discussionChanged(const QString& repository, hublet::PackageType type, const QString& id,
                           int number);
    /// The store stopped accepting writes.
    void storeBecameReadOnly(const QString& reason);

private:
    std::atomic_bool m_storeReadOnly{false};
};

} // namespace hublet::service

Q_DECLARE_METATYPE(hublet::PackageType)
