// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browsetree.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>

namespace hublet::ui {

namespace {

constexpr int RowPadding = 3; ///< above and below an icon

} // namespace

BrowseTree::BrowseTree(QWidget* parent) : QTreeView(parent)
{
    setObjectName(QStringLiteral("browseTree"));
    setAccessibleName(tr("Repositories, packages and files"));
    setHeaderHidden(true);
    setUniformRowHeights(true);
    setFrameShape(QFrame::NoFrame);
    setTextElideMode(Qt::ElideMiddle);
    setIndentation(fontMetrics().height());
    setAllColumnsShowFocus(true);
    setStyleSheet(QStringLiteral("QTreeView::item { padding: %1px 0; }").arg(RowPadding));
}

void BrowseTree::keyPressEvent(QKeyEvent* event)
{
    if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) {
        QTreeView::keyPressEvent(event);
        return;
    }
    const QModelIndex current = currentIndex().siblingAtColumn(0);
    if (model()->hasChildren(current))
        setExpanded(current, !isExpanded(current));
    else if (current.isValid())
        emit entered();
}

void BrowseTree::contextMenuEvent(QContextMenuEvent* event)
{
    if (event->reason() == QContextMenuEvent::Keyboard) {
        const QRect row = visualRect(currentIndex());
        emit menuWanted(viewport()->mapToGlobal(row.isValid() ? row.bottomLeft() : QPoint()));
        return;
    }
    const QModelIndex index = indexAt(viewport()->mapFromGlobal(event->globalPos()));
    if (index.isValid())
        setCurrentIndex(index);
    emit menuWanted(event->globalPos());
}

} // namespace hublet::ui
