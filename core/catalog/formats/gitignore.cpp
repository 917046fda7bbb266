// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/gitignore.h"

namespace hublet::catalog {

namespace {

/// Blanks at the end do not count, unless a backslash quotes them.
QByteArrayView withoutTrailingSpaces(QByteArrayView line)
{
    while (line.endsWith(' ') && !line.endsWith("\\ "))
        line.chop(1);
    return line;
}

} // namespace

GitIgnore GitIgnore::parse(QByteArrayView text)
{
    GitIgnore ignore;
    if (text.startsWith("\xef\xbb\xbf"))
        text = text.sliced(3);
    while (!text.isEmpty()) {
        const qsizetype end = text.indexOf('\n');
        QByteArrayView line = end < 0 ? text : text.first(end);
        text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        if (line.endsWith('\r'))
            line.chop(1);
        line = withoutTrailingSpaces(line);
        if (line.isEmpty() || line.startsWith('#'))
            continue;
        Rule rule;
        rule.keeps = line.startsWith('!');
        if (rule.keeps)
            line = line.sliced(1);
        rule.foldersOnly = line.endsWith('/');
        if (rule.foldersOnly)
            line.chop(1);
        if (line.isEmpty())
            continue;
        rule.pattern = PathPattern(line);
        ignore.m_rules.push_back(std::move(rule));
    }
    return ignore;
}

bool GitIgnore::ignores(const RepoPath& file) const
{
    if (m_rules.empty())
        return false;
    const QByteArrayView path(file.bytes());
    for (qsizetype slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        if (ignoresItself(path.first(slash), true))
            return true;
    }
    return ignoresItself(path, false);
}

/// By the last rule that matches the path itself, not a folder above it.
bool GitIgnore::ignoresItself(QByteArrayView path, bool isFolder) const
{
    for (auto rule = m_rules.rbegin(); rule != m_rules.rend(); ++rule) {
        if ((isFolder || !rule->foldersOnly) && rule->pattern.matches(path))
            return !rule->keeps;
    }
    return false;
}

} // namespace hublet::catalog
