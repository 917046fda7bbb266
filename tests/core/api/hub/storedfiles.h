// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/services.h"

#include <QDirIterator>
#include <QStringList>

namespace hublet::api::test {

/// Every file that the content store has on disk, in order: what must be the same before and after a refusal.
inline QStringList storedFiles(const service::Services& services)
{
    QStringList files;
    QDirIterator it(services.dataFolder().storeFolder(), QDir::Files | QDir::Hidden,
                    QDirIterator::Subdirectories);
    while (it.hasNext())
        files.append(it.next());
    files.sort();
    return files;
}

} // namespace hublet::api::test
