// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/package.h"
#include "core/catalog/model/repository.h"
#include "core/catalog/model/revision.h"

#include <QString>

#include <memory>
#include <optional>

namespace hublet::ui {

/// What a row of the browse tree is.
enum class BrowseKind {
    Repository,
    Type,      ///< "Models", "Datasets"
    Namespace, ///< organisation or user
    Package,
    Ref,     ///< branch, tag, release, pull request
    Earlier, ///< "earlier": the commits of main
    Commit,
    Folder,
    File,
};

/// One row of the browse tree as a value: everything that is needed to show it, to list its children and to
/// show its details. Rows further down carry what the rows above them are.
struct BrowseItem {
    BrowseKind kind = BrowseKind::Repository;
    QString key;   ///< unique among its siblings; rows are recognised by it when a folder is listed again
    QString title; ///< outside text: always shown as plain text
    QString note;  ///< beside the title: class, kind of ref, size
    /// Changes when what lies below has changed: commit or tree id. Rows with the same stamp are not listed
    /// again.
    QByteArray stamp;
    bool hasChildren = true;

    /// Shared by all rows below: a folder may have 100,000 of them.
    std::shared_ptr<const catalog::Repository> repository;
    PackageType type = PackageType::Model;
    QString nameSpace;
    std::shared_ptr<const catalog::Package> package;
    std::optional<catalog::Ref> ref;
    std::optional<catalog::Commit> commit;
    QString revision; ///< what a client would say for this row: ref name or commit id
    std::optional<catalog::TreeEntry> entry;

    /// Path of the row itself, in words a client knows: "acme/bert-tiny", "weights/model.safetensors".
    [[nodiscard]] QString address() const;
    /// Is the row, or what it is in, a branch or release: what uploads can change?
    [[nodiscard]] bool isOnBranch() const;
    /// Is `other` the same row, whatever has changed in it?
    [[nodiscard]] bool isSameRow(const BrowseItem& other) const;
};

/// Rows below a row, page by page.
struct BrowsePage {
    std::vector<BrowseItem> items;
    QByteArray nextCursor; ///< empty: complete
};

} // namespace hublet::ui
