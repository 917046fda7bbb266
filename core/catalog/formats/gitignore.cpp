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
        const Verdict verdict = line.startsWith('!') ? Verdict::Kept : Verdict::Ignored;
        if (verdict == Verdict::Kept)
            line = line.sliced(1);
        const bool foldersOnly = line.endsWith('/');
        if (foldersOnly)
            line.chop(1);
        if (line.isEmpty())
            continue;
        ignore.m_folderRules.add(line, verdict);
        if (!foldersOnly)
            ignore.m_fileRules.add(line, verdict);
    }
    return ignore;
}

bool GitIgnore::ignores(const RepoPath& file, MatchBudget& budget) const
{
    if (m_folderRules.isEmpty())
        return false;
    const QByteArrayView path(file.bytes());
    for (qsizetype slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        if (m_folderRules.verdict(path.first(slash), budget, Verdict::Kept) == Verdict::Ignored)
            return true;
    }
    return m_fileRules.verdict(path, budget, Verdict::Kept) == Verdict::Ignored;
}

} // namespace hublet::catalog
