// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/cardtext.h"

#include <QRegularExpression>
#include <QSet>
#include <QStringList>

#include <algorithm>

namespace hublet::ui {

namespace {

constexpr qsizetype MaxSpan = 1000; ///< characters looked through for the end of a tag, image or code

/// Take no line of their own.
const QSet<QString>& inlineTags()
{
    static const QSet<QString> tags{
        QStringLiteral("a"),      QStringLiteral("abbr"),  QStringLiteral("b"),    QStringLiteral("big"),
        QStringLiteral("br"),     QStringLiteral("cite"),  QStringLiteral("code"), QStringLiteral("del"),
        QStringLiteral("em"),     QStringLiteral("font"),  QStringLiteral("i"),    QStringLiteral("img"),
        QStringLiteral("ins"),    QStringLiteral("kbd"),   QStringLiteral("mark"), QStringLiteral("picture"),
        QStringLiteral("s"),      QStringLiteral("small"), QStringLiteral("span"), QStringLiteral("strong"),
        QStringLiteral("source"), QStringLiteral("sub"),   QStringLiteral("sup"),  QStringLiteral("td"),
        QStringLiteral("th"),     QStringLiteral("tt"),    QStringLiteral("u")};
    return tags;
}

const QSet<QString>& blockTags()
{
    static const QSet<QString> tags{
        QStringLiteral("blockquote"), QStringLiteral("caption"), QStringLiteral("center"),
        QStringLiteral("dd"),         QStringLiteral("details"), QStringLiteral("div"),
        QStringLiteral("dl"),         QStringLiteral("dt"),      QStringLiteral("figcaption"),
        QStringLiteral("figure"),     QStringLiteral("footer"),  QStringLiteral("h1"),
        QStringLiteral("h2"),         QStringLiteral("h3"),      QStringLiteral("h4"),
        QStringLiteral("h5"),         QStringLiteral("h6"),      QStringLiteral("header"),
        QStringLiteral("hr"),         QStringLiteral("iframe"),  QStringLiteral("li"),
        QStringLiteral("ol"),         QStringLiteral("p"),       QStringLiteral("pre"),
        QStringLiteral("script"),     QStringLiteral("section"), QStringLiteral("style"),
        QStringLiteral("summary"),    QStringLiteral("table"),   QStringLiteral("tbody"),
        QStringLiteral("thead"),      QStringLiteral("tr"),      QStringLiteral("ul"),
        QStringLiteral("video")};
    return tags;
}

QString alternativeText(const QString& tag)
{
    static const QRegularExpression alt(QStringLiteral(R"re(\balt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']+)))re"),
                                        QRegularExpression::CaseInsensitiveOption);
    const auto match = alt.match(tag);
    return (match.captured(1) + match.captured(2) + match.captured(3)).simplified();
}

class Reader {
public:
    explicit Reader(const QString& text) : m_text(text) { m_out.reserve(text.size()); }

    QString read()
    {
        while (m_at < m_text.size()) {
            if (!(takeFence() || takeCode() || takeImage() || takeComment() || takeTag()))
                m_out += m_text.at(m_at++);
        }
        return m_out;
    }

private:
    [[nodiscard]] QChar sign(qsizetype at) const { return at < m_text.size() ? m_text.at(at) : QChar(); }
    [[nodiscard]] bool isAt(QStringView word) const { return QStringView(m_text).mid(m_at).startsWith(word); }
    [[nodiscard]] qsizetype runAt(qsizetype at) const
    {
        qsizetype end = at;
        while (end < m_text.size() && m_text.at(end) == m_text.at(at))
            ++end;
        return end - at;
    }
    void copyTo(qsizetype end)
    {
        m_out += QStringView(m_text).mid(m_at, end - m_at);
        m_at = end;
    }
    /// Of the line that is written now, at most MaxSpan.
    [[nodiscard]] QStringView lineSoFar() const
    {
        const QStringView end = QStringView(m_out).last(std::min(m_out.size(), MaxSpan));
        return end.mid(end.lastIndexOf(u'\n') + 1);
    }

    bool takeFence();
    bool takeCode();
    bool takeImage();
    bool takeComment();
    bool takeTag();
    void leaveOut(const QString& name, bool isEnd, const QString& tag);
    void beginBlock(const QString& prefix);

    const QString& m_text;
    QString m_out;
    qsizetype m_at = 0;
    QSet<QString> m_neverEnds; ///< whose end was looked for in vain
};

bool Reader::takeFence()
{
    const bool isLineStart = m_at == 0 || m_text.at(m_at - 1) == u'\n';
    const QChar mark = sign(m_at);
    if (!isLineStart || (mark != u'`' && mark != u'~') || runAt(m_at) < 3)
        return false;
    const qsizetype width = runAt(m_at);
    qsizetype end = m_text.indexOf(u'\n', m_at);
    while (end >= 0 && !(sign(end + 1) == mark && runAt(end + 1) >= width))
        end = m_text.indexOf(u'\n', end + 1);
    const qsizetype lineEnd = end < 0 ? -1 : m_text.indexOf(u'\n', end + 1);
    copyTo(lineEnd < 0 ? m_text.size() : lineEnd);
    return true;
}

bool Reader::takeCode()
{
    if (sign(m_at) != u'`')
        return false;
    const qsizetype width = runAt(m_at);
    const qsizetype last = std::min(m_text.size(), m_at + width + MaxSpan);
    for (qsizetype at = m_at + width; at < last;) {
        if (m_text.at(at) != u'`') {
            ++at;
            continue;
        }
        const qsizetype run = runAt(at);
        at += run;
        if (run == width) {
            copyTo(at);
            return true;
        }
    }
    copyTo(m_at + width);
    return true;
}

/// ![text](address)
bool Reader::takeImage()
{
    if (!isAt(u"!["))
        return false;
    const QStringView near = QStringView(m_text).mid(m_at, MaxSpan);
    const qsizetype middle = near.indexOf(QStringLiteral("]("));
    const qsizetype end = middle < 0 ? -1 : near.indexOf(u')', middle);
    if (end < 0 || near.left(end).contains(QStringLiteral("\n\n")))
        return false;
    m_out += near.mid(2, middle - 2);
    m_at += end + 1;
    return true;
}

bool Reader::takeComment()
{
    const QString begin = QStringLiteral("<!--");
    if (!isAt(begin) || m_neverEnds.contains(begin))
        return false;
    const qsizetype end = m_text.indexOf(QStringLiteral("-->"), m_at);
    if (end < 0) {
        m_neverEnds.insert(begin);
        return false;
    }
    m_at = end + 3;
    return true;
}

bool Reader::takeTag()
{
    if (sign(m_at) != u'<')
        return false;
    const bool isEnd = sign(m_at + 1) == u'/';
    const qsizetype begin = m_at + (isEnd ? 2 : 1);
    qsizetype at = begin;
    while (sign(at).isLetterOrNumber() && at - begin < MaxSpan)
        ++at;
    const QString name = m_text.mid(begin, at - begin).toLower();
    if (!inlineTags().contains(name) && !blockTags().contains(name))
        return false;
    if (const QChar next = sign(at); !next.isSpace() && next != u'>' && next != u'/')
        return false;
    QChar quote;
    for (const qsizetype last = std::min(m_text.size(), at + MaxSpan); at < last; ++at) {
        const QChar now = m_text.at(at);
        if (!quote.isNull())
            quote = now == quote ? QChar() : quote;
        else if (now == u'"' || now == u'\'')
            quote = now;
        else if (now == u'>')
            break;
    }
    if (sign(at) != u'>')
        return false;
    const QString tag = m_text.mid(m_at, at - m_at);
    m_at = at + 1;
    leaveOut(name, isEnd, tag);
    return true;
}

void Reader::leaveOut(const QString& name, bool isEnd, const QString& tag)
{
    const bool isHidden = name == u"script" || name == u"style";
    if (isHidden && !isEnd && !m_neverEnds.contains(name)) {
        const qsizetype end = m_text.indexOf(QStringLiteral("</") + name, m_at, Qt::CaseInsensitive);
        if (end < 0)
            m_neverEnds.insert(name);
        else
            m_at = end; // its end tag is taken next
    }
    const bool isInTable = lineSoFar().trimmed().startsWith(u'|');
    if (name == u"img")
        m_out += alternativeText(tag);
    else if (name == u"br")
        m_out += isInTable ? QStringLiteral(" ") : QStringLiteral("  \n");
    else if (name == u"td" || name == u"th" || isInTable)
        m_out += u' ';
    else if (!blockTags().contains(name))
        return;
    else if (!isEnd && name.size() == 2 && name.at(0) == u'h' && name.at(1).isDigit())
        beginBlock(QString(name.at(1).digitValue(), u'#') + u' ');
    else
        beginBlock(!isEnd && name == u"li" ? QStringLiteral("- ") : QString());
}

void Reader::beginBlock(const QString& prefix)
{
    while (m_out.endsWith(u' ') || m_out.endsWith(u'\t'))
        m_out.chop(1);
    m_out += QStringLiteral("\n\n") + prefix;
    while (sign(m_at).isSpace())
        ++m_at; // indented text would be code
}

} // namespace

QString withoutTagsAndImages(const QString& markdown)
{
    return Reader(markdown).read();
}

} // namespace hublet::ui
