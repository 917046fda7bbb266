// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/catalog/model/repository.h"
#include "core/catalog/model/revision.h"

#include <optional>

namespace hublet::catalog {

/// Where the files of a deployment lie in the artifact tree of a repository (artifactory 2.2, 2.4). Pure
/// functions: no tree of artifact paths is stored.
///
///   legacy           models/acme/bert/main/2026-02-24T18:52:40.655Z/config.json
///   machinelearning  models/acme/bert/main_2026-02-24T18:52:40.655Z/model/config.json
struct LayoutPath {
    PackageType type = PackageType::Model;
    QString package;        ///< "acme/bert" or "gpt2", unchecked
    QString revisionFolder; ///< revision as a folder name
    qint64 publishedMs = 0;
    bool isLeadFile = false; ///< the server's own description of the deployment
    QByteArray
        file; ///< path inside the package, unchecked; empty for the deployment's folder and the lead file

    /// Nothing when `path` is not inside a deployment of that layout.
    [[nodiscard]] static std::optional<LayoutPath> parse(Layout layout, const QString& path);
};

/// "refs/pr/3" -> "refs--pr--3".
[[nodiscard]] QString revisionFolder(const QString& revision);
/// Folder of a deployment, without a slash at the end.
[[nodiscard]] QString deploymentFolder(Layout layout, const PackageId& package, const Deployment& deployment);
/// `file` must not be the root.
[[nodiscard]] QString artifactPath(Layout layout, const PackageId& package, const Deployment& deployment,
                                   const RepoPath& file);
/// ".jfrog_huggingface_model_info.json" in the deployment's folder.
[[nodiscard]] QString leadFilePath(Layout layout, const PackageId& package, const Deployment& deployment);

} // namespace hublet::catalog
