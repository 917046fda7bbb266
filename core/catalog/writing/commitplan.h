// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/catalog/model/commitrequest.h"

#include <optional>
#include <vector>

namespace hublet::catalog {

class Catalog;

/// What must be known before the transaction of a commit: which files become LFS, and what .gitattributes
/// must say then, because its bytes have to be in the content store first. Made from the state of the moment;
/// CommitMaker refuses it when .gitattributes has changed meanwhile.
struct CommitPlan {
    /// For each operation of the request: shall its file be LFS? Only AddFile counts.
    std::vector<bool> asLfs;
    /// Id of .gitattributes below the new commit; null = there is none.
    GitOid assumedAttributes;
    /// New text of .gitattributes, when LFS files come that it does not cover; an operation to be done last.
    std::optional<QByteArray> newAttributes;

    [[nodiscard]] static Result<CommitPlan> make(const Catalog& catalog, const CommitRequest& request);
    [[nodiscard]] static const RepoPath& attributesPath();
};

} // namespace hublet::catalog
