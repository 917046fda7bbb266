// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace hublet::catalog {

/// Shell pattern as git matches them against paths: `?` and `*` stop at '/', `**` between slashes spans
/// folders, bracket expressions with ranges, negation and POSIX classes, backslash quotes. Case matters. A
/// value.
///
/// The cost of a match is bounded by pattern length x path length: no pattern makes it exponential.
[[nodiscard]] bool wildMatch(QByteArrayView pattern, QByteArrayView path);

/// One pattern of a .gitattributes or .gitignore file in the root folder. A pattern without a slash matches
/// the last segment of a path, one with a slash the whole path.
class GitPattern {
public:
    /// Longer patterns match nothing.
    static constexpr qsizetype MaxBytes = 4096;

    GitPattern() = default;
    explicit GitPattern(QByteArrayView text);

    [[nodiscard]] bool matches(QByteArrayView path) const;

private:
    QByteArray m_glob;
    bool m_anchored = false;
};

} // namespace hublet::catalog
