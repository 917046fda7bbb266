// SPDX-License-Identifier: Apache-2.0
#include "ui/transfers/transferspage.h"

#include "ui/transfers/progressdelegate.h"
#include "ui/transfers/transfermodel.h"
#include "ui/widgets/emptypage.h"
#include "ui/widgets/plaintable.h"

namespace hublet::ui {

TransfersPage::TransfersPage(TransferModel& model, QWidget* parent) : QStackedWidget(parent)
{
    auto* table = new PlainTable;
    table->setObjectName(QStringLiteral("transfers"));
    table->setAccessibleName(tr("Transfers"));
    table->setTextElideMode(Qt::ElideMiddle); // a path says most at its ends
    table->setModelStretching(&model, TransferModel::FileColumn);
    table->setItemDelegateForColumn(TransferModel::ProgressColumn, new ProgressDelegate(table));
    const auto cell = [](const QModelIndex& row, int column) {
        return row.siblingAtColumn(column).data().toString();
    };
    table->addCopyAction(tr("&Copy Name"),
                         [cell](const QModelIndex& row) { return cell(row, TransferModel::FileColumn); });
    table->addCopyAction(tr("Copy &Row"), [cell](const QModelIndex& row) {
        QStringList cells;
        for (int column = 0; column < TransferModel::ColumnCount; ++column)
            cells.append(cell(row, column));
        return cells.join(u'\t');
    });
    auto* empty = new EmptyPage;
    empty->setText(tr("No transfers yet"),
                   tr("Uploads and downloads appear here while they run, whoever started them."));
    addWidget(table);
    addWidget(empty);
    const auto choose = [this, &model] { setCurrentIndex(model.rowCount() > 0 ? 0 : 1); };
    connect(&model, &TransferModel::summaryChanged, this, choose);
    choose();
}

} // namespace hublet::ui
