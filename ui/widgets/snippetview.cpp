// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/snippetview.h"

#include <QFontDatabase>
#include <QStyle>

namespace hublet::ui {

SnippetView::SnippetView(const QString& text, const QString& accessibleName, QWidget* parent)
    : QPlainTextEdit(text, parent)
{
    setReadOnly(true);
    setAccessibleName(accessibleName);
    setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    setLineWrapMode(NoWrap);
    setTabChangesFocus(true);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    const int lines = int(text.count(u'\n')) + 1;
    setFixedHeight(lines * fontMetrics().lineSpacing() +
                   2 * (int(document()->documentMargin()) + frameWidth()) +
                   style()->pixelMetric(QStyle::PM_ScrollBarExtent));
}

int SnippetView::contentWidth() const
{
    const int border = int(document()->documentMargin()) + frameWidth();
    // One character more than the text, for the cursor after it.
    return fontMetrics().size(0, toPlainText()).width() + 2 * border + fontMetrics().averageCharWidth();
}

} // namespace hublet::ui
