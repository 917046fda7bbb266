// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/wraplabel.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMenu>

namespace hublet::ui {

namespace {

constexpr QChar Place(0x200b);   ///< zero-width space
constexpr int LongestPiece = 16; ///< characters that may stay together without a place to wrap at

} // namespace

WrapLabel::WrapLabel(const QString& text, QWidget* parent) : QLabel(wrappable(text), parent)
{
    setTextFormat(Qt::PlainText);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setWordWrap(true);
}

QString WrapLabel::wrappable(const QString& text)
{
    QString wrapped;
    int piece = 0;
    for (const QChar sign : text) {
        // Before the sign: "%20" stays together, and so do the halves of a surrogate pair.
        const bool isLong = piece >= LongestPiece && !sign.isLowSurrogate() && !wrapped.endsWith(u'%') &&
                            !wrapped.chopped(1).endsWith(u'%');
        if (piece > 0 && (isLong || sign == u'%')) {
            wrapped += Place;
            piece = 0;
        }
        wrapped += sign;
        piece = sign.isSpace() ? 0 : piece + 1;
        if (sign == u'/') {
            wrapped += Place;
            piece = 0;
        }
    }
    return wrapped;
}

QString WrapLabel::plain(QString text)
{
    return text.remove(Place);
}

void WrapLabel::copySelected() const
{
    if (hasSelectedText())
        QGuiApplication::clipboard()->setText(
            plain(selectedText().replace(QChar::ParagraphSeparator, u'\n')));
}

void WrapLabel::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy))
        copySelected();
    else
        QLabel::keyPressEvent(event);
}

void WrapLabel::contextMenuEvent(QContextMenuEvent* event)
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Copy"), this, &WrapLabel::copySelected)->setEnabled(hasSelectedText());
    menu->addAction(tr("Select &All"), this, [this] { setSelection(0, int(text().size())); });
    menu->popup(event->globalPos());
}

} // namespace hublet::ui
