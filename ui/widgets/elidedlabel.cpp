// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/elidedlabel.h"

#include <QPainter>
#include <QStyle>

namespace hublet::ui {

ElidedLabel::ElidedLabel(double scale, bool bold, QWidget* parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    QFont changed = font();
    changed.setPointSizeF(changed.pointSizeF() * scale);
    changed.setBold(bold);
    setFont(changed);
}

void ElidedLabel::setText(const QString& text)
{
    if (text == m_text)
        return;
    m_text = text;
    setAccessibleName(text);
    updateToolTip();
    updateGeometry();
    update();
}

QSize ElidedLabel::sizeHint() const
{
    return {fontMetrics().horizontalAdvance(m_text) + 1, fontMetrics().height()};
}

QSize ElidedLabel::minimumSizeHint() const
{
    return {std::min(sizeHint().width(), fontMetrics().averageCharWidth() * 8), sizeHint().height()};
}

void ElidedLabel::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QString shown = fontMetrics().elidedText(m_text, Qt::ElideMiddle, width());
    style()->drawItemText(&painter, rect(), int(Qt::AlignVCenter | Qt::AlignLeading), palette(), isEnabled(),
                          shown, foregroundRole());
}

void ElidedLabel::resizeEvent(QResizeEvent*)
{
    updateToolTip();
}

void ElidedLabel::updateToolTip()
{
    const bool cut = width() < sizeHint().width();
    setToolTip(cut ? QStringLiteral("<qt>%1</qt>").arg(m_text.toHtmlEscaped()) : QString());
}

} // namespace hublet::ui
