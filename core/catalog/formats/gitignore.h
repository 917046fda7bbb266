// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/catalog/formats/pathrules.h"

namespace hublet::catalog {

/// What the .gitignore file in the root of a tree says. A value; parsing never fails. Rules: gitignore(5),
/// including that a file below an ignored folder cannot be taken back by a negated pattern.
class GitIgnore {
public:
    GitIgnore() = default;
    [[nodiscard]] static GitIgnore parse(QByteArrayView text);

    [[nodiscard]] bool ignores(const RepoPath& file, MatchBudget& budget) const;

private:
    enum class Verdict { Ignored, Kept };

    PathRules<Verdict> m_fileRules;
    PathRules<Verdict> m_folderRules; ///< those and the ones for folders only
};

} // namespace hublet::catalog
