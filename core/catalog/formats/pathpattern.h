// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/formats/globpattern.h"

namespace hublet::catalog {

/// One pattern of a .gitattributes or .gitignore file in the root folder: without a slash it matches the last
/// segment of a path, with one (at its beginning or inside) the whole path. A value.
class PathPattern {
public:
    PathPattern() = default;
    /// `text` without a slash at its end.
    explicit PathPattern(QByteArrayView text)
        : m_wholePath(text.contains('/')), m_glob(text.startsWith('/') ? text.sliced(1) : text)
    {
    }

    /// `name`: the last segment of `path`.
    [[nodiscard]] bool matches(QByteArrayView path, QByteArrayView name, MatchBudget& budget) const
    {
        return m_glob.matches(m_wholePath ? path : name, budget);
    }
    /// Has no wildcard: matches paths, or last segments, that equal literal().
    [[nodiscard]] bool isLiteral() const { return m_glob.isLiteral(); }
    [[nodiscard]] const QByteArray& literal() const { return m_glob.literal(); }
    /// Is it matched against whole paths, not last segments?
    [[nodiscard]] bool wantsWholePath() const { return m_wholePath; }

private:
    bool m_wholePath = false;
    GlobPattern m_glob;
};

} // namespace hublet::catalog
