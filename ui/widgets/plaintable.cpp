// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/plaintable.h"

#include "ui/widgets/symbolicicon.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>

namespace hublet::ui {

namespace {

constexpr int RowPadding = 4;    ///< above and below the text
constexpr int MeasuredRows = 50; ///< looked at to find the width of a column

} // namespace

PlainTable::PlainTable(QWidget* parent) : QTableView(parent)
{
    setSelectionBehavior(SelectRows);
    setShowGrid(false);
    setWordWrap(false);
    setTextElideMode(Qt::ElideRight);
    setTabKeyNavigation(false);
    setFrameShape(QFrame::NoFrame);
    verticalHeader()->hide();
    verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    verticalHeader()->setDefaultSectionSize(fontMetrics().lineSpacing() + 2 * RowPadding);
    horizontalHeader()->setHighlightSections(false);
    horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    horizontalHeader()->setResizeContentsPrecision(MeasuredRows);
    horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
}

void PlainTable::setModelStretching(QAbstractItemModel* model, int column)
{
    setModel(model);
    horizontalHeader()->setSectionResizeMode(column, QHeaderView::Stretch);
}

void PlainTable::addCopyAction(const QString& title, std::function<QString(const QModelIndex&)> text)
{
    setContextMenuPolicy(Qt::ActionsContextMenu);
    auto* action = new QAction(symbolicIcon(QStringLiteral("copy")), title, this);
    addAction(action);
    connect(action, &QAction::triggered, this, [this, text = std::move(text)] {
        if (const QModelIndex row = currentIndex().siblingAtColumn(0); row.isValid())
            QGuiApplication::clipboard()->setText(text(row));
    });
}

} // namespace hublet::ui
