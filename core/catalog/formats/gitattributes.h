// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/catalog/formats/pathrules.h"

#include <QByteArray>

namespace hublet::catalog {

/// What the .gitattributes file in the root of a tree says about LFS. A value; parsing never fails: lines
/// that git would ignore are ignored. Rules: gitattributes(5); of the attributes only `filter` counts, macros
/// are not expanded.
class GitAttributes {
public:
    static constexpr qsizetype MaxLineBytes = 2048; ///< git ignores longer lines

    GitAttributes() = default;
    [[nodiscard]] static GitAttributes parse(QByteArrayView text);

    enum class Lfs {
        Unspecified, ///< no pattern matches
        Yes,         ///< filter=lfs
        No,          ///< -filter, !filter or another filter
    };
    /// The last pattern that matches and names `filter` decides.
    [[nodiscard]] Lfs lfs(const RepoPath& path, MatchBudget& budget) const;

    /// The line that makes this file an LFS file, with the newline; the pattern is quoted where git needs it.
    /// Empty when git would ignore the line because of its length.
    [[nodiscard]] static QByteArray lineFor(const RepoPath& path);

private:
    PathRules<Lfs> m_rules;
};

} // namespace hublet::catalog
