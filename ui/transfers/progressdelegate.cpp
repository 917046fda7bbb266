// SPDX-License-Identifier: Apache-2.0
#include "ui/transfers/progressdelegate.h"

#include "ui/transfers/transfermodel.h"

#include <QApplication>
#include <QPainter>

namespace hublet::ui {

namespace {

constexpr int Padding = 2;

} // namespace

void ProgressDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                             const QModelIndex& index) const
{
    const int percent = index.data(TransferModel::PercentRole).toInt();
    if (percent < 0 || !index.data(TransferModel::RunningRole).toBool()) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    const QStyle* style = option.widget ? option.widget->style() : QApplication::style();
    style->drawPrimitive(QStyle::PE_PanelItemViewItem, &option, painter, option.widget);
    QStyleOptionProgressBar bar;
    bar.initFrom(option.widget);
    bar.state |= QStyle::State_Horizontal;
    bar.rect = option.rect.adjusted(Padding, Padding, -Padding, -Padding);
    bar.maximum = 100;
    bar.progress = percent;
    bar.text = index.data().toString();
    bar.textVisible = true;
    bar.textAlignment = Qt::AlignCenter;
    style->drawControl(QStyle::CE_ProgressBar, &bar, painter, option.widget);
}

QSize ProgressDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const
{
    const int room = option.fontMetrics.averageCharWidth() * 28;
    const QSize text = QStyledItemDelegate::sizeHint(option, index);
    return {std::max(text.width(), room), text.height()};
}

} // namespace hublet::ui
