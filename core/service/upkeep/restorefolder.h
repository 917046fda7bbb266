// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/base/uniquefd.h"

#include <QTemporaryDir>

#include <memory>

namespace hublet::service {

/// Where a data folder is put together that a restore brings back: "<target>.restoring-XXXXXX", on the same
/// file system. Locked, so that another restore sees that it is in use. Gone with this object, unless keep()
/// was called.
class RestoreFolder {
public:
    /// Removes first what killed restores to the same target have left. Error: Io.
    [[nodiscard]] static Result<std::unique_ptr<RestoreFolder>> create(const QString& target);

    [[nodiscard]] QString path() const { return m_folder.path(); }
    /// It has got another name.
    void keep() { m_folder.setAutoRemove(false); }

private:
    explicit RestoreFolder(const QString& pattern) : m_folder(pattern) {}

    QTemporaryDir m_folder;
    UniqueFd m_lock;
};

} // namespace hublet::service
