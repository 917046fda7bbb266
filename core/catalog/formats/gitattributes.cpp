// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/gitattributes.h"

#include <optional>

namespace hublet::catalog {

namespace {

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

QByteArrayView trimmedLeft(QByteArrayView text)
{
    while (!text.isEmpty() && isBlank(text.front()))
        text = text.sliced(1);
    return text;
}

/// Takes the part up to the next blank off `text`.
QByteArrayView takeWord(QByteArrayView& text)
{
    qsizetype end = 0;
    while (end < text.size() && !isBlank(text[end]))
        ++end;
    const QByteArrayView word = text.first(end);
    text = trimmedLeft(text.sliced(end));
    return word;
}

std::optional<char> escapedChar(char c)
{
    switch (c) {
    case 'a':
        return '\a';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    case 'v':
        return '\v';
    case '"':
    case '\\':
        return c;
    default:
        return std::nullopt;
    }
}

/// Takes a pattern in double quotes (C escapes, three octal digits) off `text`; nothing when the quoting is
/// broken.
std::optional<QByteArray> takeQuoted(QByteArrayView& text)
{
    QByteArray value;
    for (qsizetype i = 1; i < text.size(); ++i) {
        if (text[i] == '"') {
            text = trimmedLeft(text.sliced(i + 1));
            return value;
        }
        if (text[i] != '\\') {
            value.append(text[i]);
            continue;
        }
        if (++i == text.size())
            return std::nullopt;
        if (const auto plain = escapedChar(text[i])) {
            value.append(*plain);
            continue;
        }
        bool octal = false;
        const int code = i + 3 <= text.size() ? text.sliced(i, 3).toByteArray().toInt(&octal, 8) : 0;
        if (!octal || text[i] > '3' || code == 0)
            return std::nullopt;
        value.append(static_cast<char>(code));
        i += 2;
    }
    return std::nullopt;
}

/// What the words behind a pattern say about `filter`; the last one that names it counts.
GitAttributes::Lfs filterIn(QByteArrayView words)
{
    auto lfs = GitAttributes::Lfs::Unspecified;
    while (!words.isEmpty()) {
        const QByteArrayView word = takeWord(words);
        if (word == "filter=lfs")
            lfs = GitAttributes::Lfs::Yes;
        else if (word == "filter" || word == "-filter" || word == "!filter" || word.startsWith("filter="))
            lfs = GitAttributes::Lfs::No;
    }
    return lfs;
}

} // namespace

GitAttributes GitAttributes::parse(QByteArrayView text)
{
    GitAttributes attributes;
    if (text.startsWith("\xef\xbb\xbf"))
        text = text.sliced(3);
    while (!text.isEmpty()) {
        const qsizetype end = text.indexOf('\n');
        QByteArrayView line = end < 0 ? text : text.first(end);
        text = end < 0 ? QByteArrayView() : text.sliced(end + 1);
        if (line.size() > MaxLineBytes)
            continue;
        line = trimmedLeft(line);
        if (line.isEmpty() || line.startsWith('#') || line.startsWith("[attr]"))
            continue;
        std::optional<QByteArray> pattern;
        if (line.startsWith('"'))
            pattern = takeQuoted(line);
        if (!pattern)
            pattern = takeWord(line).toByteArray();
        const Lfs lfs = filterIn(line);
        // A pattern for folders matches no file; a negative one is forbidden.
        if (lfs == Lfs::Unspecified || pattern->isEmpty() || pattern->startsWith('!') ||
            pattern->endsWith('/'))
            continue;
        attributes.m_rules.add(*pattern, lfs);
    }
    return attributes;
}

GitAttributes::Lfs GitAttributes::lfs(const RepoPath& path, MatchBudget& budget) const
{
    return m_rules.verdict(path.bytes(), budget, Lfs::Unspecified);
}

QByteArray GitAttributes::lineFor(const RepoPath& path)
{
    QByteArray pattern;
    bool quote = false;
    for (const char c : path.bytes()) {
        const bool special =
            c == '*' || c == '?' || c == '[' || (pattern.isEmpty() && (c == '#' || c == '!'));
        if (special)
            pattern.append('\\');
        if (c == ' ' || c == '"')
            quote = true;
        pattern.append(c);
    }
    if (quote)
        pattern = '"' + pattern.replace('\\', "\\\\").replace('"', "\\\"") + '"';
    const QByteArray line = pattern + " filter=lfs diff=lfs merge=lfs -text\n";
    return line.size() > MaxLineBytes ? QByteArray() : line;
}

} // namespace hublet::catalog
