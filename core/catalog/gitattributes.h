// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/catalog/gitpattern.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace hublet::catalog {

/// What the .gitattributes file in the root of a tree says about LFS. A value; parsing never fails: lines
/// that git would ignore are ignored. Rules: gitattributes(5); of the attributes only `filter` counts, macros
/// are not expanded.
class GitAttributes {
public:
    GitAttributes() = default;
    [[nodiscard]] static GitAttributes parse(QByteArrayView text);

    enum class Lfs {
        Unspecified, ///< no pattern matches
        Yes,         ///< filter=lfs
        No,          ///< -filter, !filter or another filter
    };
    /// The last pattern that matches and names `filter` decides.
    [[nodiscard]] Lfs lfs(const RepoPath& path) const;

    /// A line that makes exactly this file an LFS file, with the newline; the pattern is quoted where git
    /// needs it.
    [[nodiscard]] static QByteArray lineFor(const RepoPath& path);

private:
    struct Rule {
        GitPattern pattern;
        Lfs lfs = Lfs::Unspecified;
    };
    std::vector<Rule> m_rules;
};

} // namespace hublet::catalog
