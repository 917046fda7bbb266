// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/model/discussion.h"

namespace hublet::catalog {

namespace {

constexpr QChar Ellipsis(u'\u2026');
constexpr qsizetype EllipsisBytes = 3; ///< in UTF-8

bool isInsideCharacter(char byte)
{
    return (byte & 0xC0) == 0x80;
}

} // namespace

Result<void> checkDiscussionTitle(const QString& title)
{
    if (title.size() <= Discussion::MaxTitleLength)
        return {};
    return fail(ErrorCode::InvalidArgument, QStringLiteral("A title has at most %1 characters, not %2")
                                                .arg(Discussion::MaxTitleLength)
                                                .arg(title.size()));
}

Result<void> checkComment(const QString& text)
{
    const qsizetype bytes = text.toUtf8().size();
    if (bytes <= DiscussionEvent::MaxCommentBytes)
        return {};
    return fail(ErrorCode::InvalidArgument, QStringLiteral("A comment has at most %1 bytes, not %2")
                                                .arg(DiscussionEvent::MaxCommentBytes)
                                                .arg(bytes));
}

QString asDiscussionTitle(const QString& text)
{
    if (text.size() <= Discussion::MaxTitleLength)
        return text;
    QString title = text.left(Discussion::MaxTitleLength - 1);
    if (title.back().isHighSurrogate())
        title.chop(1);
    return title + Ellipsis;
}

QString asComment(const QString& text)
{
    const QByteArray bytes = text.toUtf8();
    if (bytes.size() <= DiscussionEvent::MaxCommentBytes)
        return text;
    qsizetype end = DiscussionEvent::MaxCommentBytes - EllipsisBytes;
    while (isInsideCharacter(bytes[end]))
        --end;
    return QString::fromUtf8(bytes.first(end)) + Ellipsis;
}

} // namespace hublet::catalog
