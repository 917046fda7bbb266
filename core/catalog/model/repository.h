// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/base/result.h"

#include <optional>

namespace hublet::catalog {

enum class RepositoryClass { Local, Remote, Virtual };
enum class Layout { Legacy, MachineLearning };

[[nodiscard]] QString repositoryClassName(RepositoryClass rclass); ///< "local", "remote", "virtual"
[[nodiscard]] std::optional<RepositoryClass> repositoryClassFromName(QStringView name);
[[nodiscard]] QString layoutName(Layout layout); ///< "legacy", "machinelearning"
[[nodiscard]] std::optional<Layout> layoutFromName(QStringView name);

/// Settings of a repository that may change after it was created.
struct RepositorySettings {
    QString description;              ///< what it is for, a label (isLabel())
    bool xet = true;                  ///< DECISIONS 5
    bool createOnDeploy = true;       ///< DECISIONS 2: an upload creates an unknown package or revision
    bool strictRevisionNames = false; ///< DECISIONS 16: only JFrog's documented rule for revisions
    qint64 quotaBytes = 0;            ///< of all commits, each content once; 0 = none
};

/// What is refused because of RepositorySettings::quotaBytes.
[[nodiscard]] tl::unexpected<Error> quotaExceeded();

struct Repository {
    qint64 id = 0;
    RepositoryKey key;
    RepositoryClass rclass = RepositoryClass::Local;
    Layout layout = Layout::MachineLearning;
    RepositorySettings settings;
    qint64 createdMs = 0;
};

} // namespace hublet::catalog
