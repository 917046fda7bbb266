// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QString>
#include <QStringList>

#include <cstdint>

namespace hublet::access {

/// An Ant-style pattern on artifact paths: `?` is one character, `*` any number of them inside a segment,
/// `**` as a whole segment any number of segments, also none. A trailing `/` stands for `/**`. Case is
/// ignored, because packages are the same in any case. A value; matching is thread-safe and allocates
/// nothing.
class AntPattern {
public:
    static constexpr qsizetype MaxLength = 1024; ///< characters
    static constexpr qsizetype MaxSegments = 48;

    /// Errors: InvalidArgument (empty, too long, control characters, an empty segment).
    [[nodiscard]] static Result<AntPattern> parse(QStringView text);

    [[nodiscard]] const QString& text() const { return m_text; }

    /// Does the pattern match `path` itself or everything below it? `foldedPath` in lower case, without
    /// leading or trailing `/`; empty = the root of the repository, so covers("") asks whether the pattern is
    /// as good as "**".
    [[nodiscard]] bool covers(QStringView foldedPath) const;

    /// Does it treat alike all that lies below any path of `segments` segments? "models/*/bert/**" does below
    /// 3 of them, "models/acme/bert/*.bin" and "**/*.bin" do not.
    [[nodiscard]] bool isWholeBelow(qsizetype segments) const;

private:
    /// Bit i: the first i segments of the pattern have been used up.
    using States = std::uint64_t;

    explicit AntPattern(QString text) : m_text(std::move(text)) {}
    [[nodiscard]] States pastEmptyMatches(States states) const;
    [[nodiscard]] States after(States states, QStringView pathSegment) const;

    QString m_text;
    QStringList m_segments;   ///< lower case
    States m_doubleStars = 0; ///< bit i: segment i is `**`
    States m_accepting = 0;   ///< nothing is left of the pattern, or what is left matches everything below
};

} // namespace hublet::access
