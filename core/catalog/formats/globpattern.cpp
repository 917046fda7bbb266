// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/globpattern.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace hublet::catalog {

namespace {

constexpr std::size_t index(char c)
{
    return static_cast<unsigned char>(c);
}

/// In the C locale, as git compares.
bool isInClass(QByteArrayView name, int c)
{
    const bool ascii = c < 128;
    if (name == "alnum")
        return ascii && std::isalnum(c);
    if (name == "alpha")
        return ascii && std::isalpha(c);
    if (name == "blank")
        return c == ' ' || c == '\t';
    if (name == "cntrl")
        return ascii && std::iscntrl(c);
    if (name == "digit")
        return ascii && std::isdigit(c);
    if (name == "graph")
        return ascii && std::isgraph(c);
    if (name == "lower")
        return ascii && std::islower(c);
    if (name == "print")
        return ascii && std::isprint(c);
    if (name == "punct")
        return ascii && std::ispunct(c);
    if (name == "space")
        return ascii && std::isspace(c);
    if (name == "upper")
        return ascii && std::isupper(c);
    return name == "xdigit" && ascii && std::isxdigit(c);
}

bool isClassName(QByteArrayView name)
{
    for (int c = 0; c < 128; ++c) {
        if (isInClass(name, c))
            return true;
    }
    return false;
}

} // namespace

/// Reads a pattern from left to right into tokens.
class GlobPattern::Parser {
public:
    explicit Parser(QByteArrayView text) : m_text(text)
    {
        while (m_firstSpecial < text.size() && !QByteArrayView("*?[\\").contains(text[m_firstSpecial]))
            ++m_firstSpecial;
    }

    /// False when the pattern is broken and matches nothing.
    bool parse(std::vector<Token>& tokens)
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (c == '*') {
                tokens.push_back({star(), {}});
                continue;
            }
            std::optional<ByteSet> set;
            if (c == '?')
                set = ~ByteSet().set(index('/'));
            else if (c == '[')
                set = bracket();
            else if (c != '\\')
                set = ByteSet().set(index(c));
            else if (m_at < m_text.size())
                set = ByteSet().set(index(m_text[m_at++]));
            if (!set)
                return false;
            tokens.push_back({Token::Kind::Set, *set});
        }
        return true;
    }

private:
    static constexpr int None = -1; ///< no byte

    /// Behind the first '*'.
    Token::Kind star()
    {
        // git compares what stands before the first wildcard by itself, so that the wildcard comes to stand
        // at a beginning.
        const bool atStart = m_at - 1 == m_firstSpecial || m_text[m_at - 2] == '/';
        const qsizetype first = m_at;
        while (m_at < m_text.size() && m_text[m_at] == '*')
            ++m_at;
        if (m_at == first || !atStart)
            return Token::Kind::Star;
        if (m_at == m_text.size())
            return Token::Kind::Any;
        if (m_text[m_at] != '/')
            return Token::Kind::Star;
        ++m_at;
        return Token::Kind::Folders;
    }

    /// Behind '['.
    std::optional<ByteSet> bracket()
    {
        const bool negated = m_at < m_text.size() && (m_text[m_at] == '!' || m_text[m_at] == '^');
        if (negated)
            ++m_at;
        ByteSet set;
        int former = None; // that a range may begin with
        for (bool first = true; m_at < m_text.size(); first = false) {
            char c = m_text[m_at++];
            if (c == ']' && !first) {
                if (negated)
                    set.flip();
                return set.reset(index('/'));
            }
            if (c == '[' && m_at < m_text.size() && m_text[m_at] == ':') {
                if (!characterClass(set, former))
                    return std::nullopt;
                continue;
            }
            if (c == '-' && former != None && m_at < m_text.size() && m_text[m_at] != ']') {
                c = m_text[m_at++];
                if (c == '\\' && !quoted(c))
                    return std::nullopt;
                for (auto byte = std::size_t(former); byte <= index(c); ++byte)
                    set.set(byte);
                former = None;
                continue;
            }
            if (c == '\\' && !quoted(c))
                return std::nullopt;
            set.set(index(c));
            former = int(index(c));
        }
        return std::nullopt;
    }

    bool quoted(char& c)
    {
        if (m_at == m_text.size())
            return false;
        c = m_text[m_at++];
        return true;
    }

    /// At the ':' of "[:name:]". What does not end in ":]" is an ordinary '['.
    bool characterClass(ByteSet& set, int& former)
    {
        const qsizetype end = m_text.indexOf(']', m_at);
        if (end < 0)
            return false;
        if (end == m_at + 1 || m_text[end - 1] != ':') {
            set.set(index('['));
            former = '[';
            return true;
        }
        const QByteArrayView name = m_text.sliced(m_at + 1, end - m_at - 2);
        if (!isClassName(name))
            return false;
        for (int c = 0; c < 256; ++c) {
            if (isInClass(name, c))
                set.set(std::size_t(c));
        }
        m_at = end + 1;
        former = None;
        return true;
    }

    QByteArrayView m_text;
    qsizetype m_at = 0;
    qsizetype m_firstSpecial = 0;
};

GlobPattern::GlobPattern(QByteArrayView text)
{
    std::vector<Token> tokens;
    m_valid = text.size() <= MaxBytes && Parser(text).parse(tokens);
    if (!m_valid)
        return;
    const auto isLiteralByte = [](const Token& token) {
        return token.kind == Token::Kind::Set && token.set.count() == 1;
    };
    const auto byteOf = [](const Token& token) { return static_cast<char>(token.set._Find_first()); };
    const auto headEnd = std::find_if_not(tokens.begin(), tokens.end(), isLiteralByte);
    auto tailBegin = tokens.end();
    while (tailBegin != headEnd && isLiteralByte(*(tailBegin - 1)))
        --tailBegin;
    std::transform(tokens.begin(), headEnd, std::back_inserter(m_head), byteOf);
    std::transform(tailBegin, tokens.end(), std::back_inserter(m_tail), byteOf);
    m_tokens.assign(headEnd, tailBegin);
}

bool GlobPattern::matches(QByteArrayView path, MatchBudget& budget) const
{
    if (!budget.spend(StartSteps))
        return false;
    if (!m_valid || path.size() < m_head.size() + m_tail.size() || !path.startsWith(m_head) ||
        !path.endsWith(m_tail))
        return false;
    const QByteArrayView text = path.sliced(m_head.size(), path.size() - m_head.size() - m_tail.size());
    if (!budget.spend(qint64(m_tokens.size()) * (text.size() + 1)))
        return false;
    // reached[i]: the tokens so far can match exactly the first i bytes.
    const std::size_t end = std::size_t(text.size());
    std::vector<char> reached(end + 1, 0);
    std::vector<char> next(end + 1, 0);
    reached[0] = 1;
    const auto slashBefore = [&](std::size_t i) { return i > 0 && text[qsizetype(i) - 1] == '/'; };
    for (const Token& token : m_tokens) {
        bool open = false; // a wildcard that began further left may still go on here
        switch (token.kind) {
        case Token::Kind::Set:
            next[0] = 0;
            for (std::size_t i = 0; i < end; ++i)
                next[i + 1] = reached[i] && token.set.test(index(text[qsizetype(i)]));
            break;
        case Token::Kind::Star:
            for (std::size_t i = 0; i <= end; ++i)
                next[i] = open = reached[i] || (open && !slashBefore(i));
            break;
        case Token::Kind::Any:
            for (std::size_t i = 0; i <= end; ++i)
                next[i] = open = open || reached[i];
            break;
        case Token::Kind::Folders:
            for (std::size_t i = 0; i <= end; ++i) {
                next[i] = reached[i] || (open && slashBefore(i));
                open = open || reached[i];
            }
            break;
        }
        std::swap(reached, next);
    }
    return reached.back();
}

} // namespace hublet::catalog
