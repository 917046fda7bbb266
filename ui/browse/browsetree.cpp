// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browsetree.h"

#include "ui/browse/browsemodel.h"

#include <QContextMenuEvent>
#include <QHeaderView>
#include <QKeyEvent>
#include <QStyledItemDelegate>

namespace hublet::ui {

namespace {

constexpr int RowPadding = 3; ///< above and below an icon

/// Names say most at their ends; the message of a commit at its beginning.
class TitleDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        const auto* model = qobject_cast<const BrowseModel*>(index.model());
        if (model && model->item(index)->kind == BrowseKind::Commit)
            option->textElideMode = Qt::ElideRight;
    }
};

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
    setItemDelegate(new TitleDelegate(this));
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

void BrowseTree::focusCurrent()
{
    if (!currentIndex().isValid())
        setCurrentIndex(model()->index(0, 0));
    setFocus();
}

/// Pages that come in above the current row, or open below it, must not push it out of sight.
void BrowseTree::rowsInserted(const QModelIndex& parent, int start, int end)
{
    const bool wasSeen = viewport()->rect().intersects(visualRect(currentIndex()));
    QTreeView::rowsInserted(parent, start, end);
    if (wasSeen)
        scrollTo(currentIndex());
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
