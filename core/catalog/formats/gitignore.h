// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/catalog/formats/pathpattern.h"

#include <vector>

namespace hublet::catalog {

/// What the .gitignore file in the root of a tree says. A value; parsing never fails. Rules: gitignore(5),
/// including that a file below an ignored folder cannot be taken back by a negated pattern.
class GitIgnore {
public:
    GitIgnore() = default;
    [[nodiscard]] static GitIgnore parse(QByteArrayView text);

    [[nodiscard]] bool ignores(const RepoPath& file) const;

private:
    [[nodiscard]] bool ignoresItself(QByteArrayView path, bool isFolder) const;

    struct Rule {
        PathPattern pattern;
        bool keeps = false; ///< negated
        bool foldersOnly = false;
    };
    std::vector<Rule> m_rules;
};

} // namespace hublet::catalog
