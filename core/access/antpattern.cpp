// SPDX-License-Identifier: Apache-2.0
#include "core/access/antpattern.h"

#include <algorithm>

namespace hublet::access {

namespace {

constexpr QLatin1String DoubleStar("**");
constexpr QLatin1String Star("*");

/// `*` and `?` inside one segment: the last `*` takes one more character whenever the rest does not fit.
bool segmentMatches(QStringView pattern, QStringView text)
{
    qsizetype p = 0;
    qsizetype t = 0;
    qsizetype afterStar = -1;
    qsizetype starEnd = 0;
    while (t < text.size()) {
        if (p < pattern.size() && pattern[p] == u'*') {
            afterStar = ++p;
            starEnd = t;
        } else if (p < pattern.size() && (pattern[p] == u'?' || pattern[p] == text[t])) {
            ++p;
            ++t;
        } else if (afterStar >= 0) {
            p = afterStar;
            t = ++starEnd;
        } else {
            return false;
        }
    }
    return pattern.sliced(p).count(u'*') == pattern.size() - p;
}

/// With the segments from `first` on, does the pattern match everything that lies below? At least one `**`,
/// and at most one `*` for the one segment that every path below has.
bool matchesAllBelow(const QStringList& segments, qsizetype first)
{
    const auto begin = segments.begin() + first;
    const auto doubleStars = std::count(begin, segments.end(), DoubleStar);
    const auto stars = std::count(begin, segments.end(), Star);
    return doubleStars >= 1 && stars <= 1 && doubleStars + stars == segments.size() - first;
}

} // namespace

Result<AntPattern> AntPattern::parse(QStringView text)
{
    const auto refuse = [&](const QString& why) {
        return fail(ErrorCode::InvalidArgument, QStringLiteral("The path pattern %1").arg(why));
    };
    if (text.isEmpty() || text.size() > MaxLength)
        return refuse(QStringLiteral("must have 1 to %1 characters").arg(MaxLength));
    if (std::any_of(text.begin(), text.end(), [](QChar c) { return c.category() == QChar::Other_Control; }))
        return refuse(QStringLiteral("contains a control character"));

    AntPattern pattern(text.toString());
    pattern.m_segments = pattern.m_text.toLower().split(u'/');
    if (pattern.m_segments.size() > 1 && pattern.m_segments.last().isEmpty())
        pattern.m_segments.last() = DoubleStar;
    if (pattern.m_segments.size() > MaxSegments)
        return refuse(QStringLiteral("has more than %1 segments").arg(MaxSegments));
    if (pattern.m_segments.contains(QString()))
        return refuse(QStringLiteral("'%1' has an empty segment").arg(text));

    const qsizetype count = pattern.m_segments.size();
    pattern.m_accepting = States(1) << count;
    for (qsizetype i = 0; i < count; ++i) {
        if (pattern.m_segments[i] == DoubleStar)
            pattern.m_doubleStars |= States(1) << i;
        if (matchesAllBelow(pattern.m_segments, i))
            pattern.m_accepting |= States(1) << i;
    }
    return pattern;
}

bool AntPattern::covers(QStringView foldedPath) const
{
    States states = pastEmptyMatches(1);
    while (!foldedPath.isEmpty() && states != 0) {
        const qsizetype slash = foldedPath.indexOf(u'/');
        states = after(states, slash < 0 ? foldedPath : foldedPath.first(slash));
        foldedPath = slash < 0 ? QStringView() : foldedPath.sliced(slash + 1);
    }
    return (states & m_accepting) != 0;
}

bool AntPattern::isWholeBelow(qsizetype segments) const
{
    for (qsizetype i = 0; i <= std::min(segments, m_segments.size()); ++i) {
        if (i == m_segments.size() || matchesAllBelow(m_segments, i))
            return true;
        if (m_segments[i] == DoubleStar) // what follows is looked for at any depth
            return false;
    }
    return false;
}

AntPattern::States AntPattern::pastEmptyMatches(States states) const
{
    for (qsizetype i = 0; i < m_segments.size(); ++i) // upwards, so that a run of `**` is passed in one go
        states |= (states & m_doubleStars & (States(1) << i)) << 1;
    return states;
}

AntPattern::States AntPattern::after(States states, QStringView pathSegment) const
{
    States next = states & m_doubleStars; // a `**` may take this segment and more
    for (qsizetype i = 0; i < m_segments.size(); ++i) {
        const States here = States(1) << i;
        if ((states & here & ~m_doubleStars) != 0 && segmentMatches(m_segments[i], pathSegment))
            next |= here << 1;
    }
    return pastEmptyMatches(next);
}

} // namespace hublet::access
