// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/formats/matchbudget.h"

#include <QByteArray>
#include <QByteArrayView>

#include <bitset>
#include <vector>

namespace hublet::catalog {

/// A shell pattern as git matches it against paths: `?` and `*` stop at '/', `**` as a whole segment spans
/// folders, bracket expressions know ranges, negation and POSIX classes, a backslash quotes. Case matters. A
/// value.
///
/// A match costs at most pattern length x path length, and that is taken from a budget: no pattern makes it exponential.
class GlobPattern {
public:
    /// Longer patterns match nothing.
    static constexpr qsizetype MaxBytes = 4096;
    /// What a match takes from the budget before it looks at the first wildcard: so much dearer it is than a step.
    static constexpr qint64 StartSteps = 16;

    GlobPattern() = default; ///< matches the empty path only
    explicit GlobPattern(QByteArrayView text);

    /// False, too, when the budget does not suffice.
    [[nodiscard]] bool matches(QByteArrayView path, MatchBudget& budget) const;
    /// Has no wildcard: matches literal() and nothing else.
    [[nodiscard]] bool isLiteral() const { return m_valid && m_tokens.empty(); }
    [[nodiscard]] const QByteArray& literal() const { return m_head; }

private:
    using ByteSet = std::bitset<256>;
    struct Token {
        enum class Kind {
            Set,     ///< one byte of `set`
            Star,    ///< any bytes but '/'
            Any,     ///< any bytes
            Folders, ///< nothing, or any bytes that end in '/'
        };
        Kind kind = Kind::Set;
        ByteSet set;
    };
    class Parser;

    QByteArray m_head;           ///< what every matching path begins with
    std::vector<Token> m_tokens; ///< between head and tail
    QByteArray m_tail;           ///< what every matching path ends in, behind the head
    bool m_valid = true;
};

} // namespace hublet::catalog
