// SPDX-License-Identifier: Apache-2.0
#include "ui/transfers/transferspage.h"

#include "ui/transfers/transfermodel.h"

#include <QHeaderView>
#include <QLabel>
#include <QTableView>
#include <QVBoxLayout>

namespace hublet::ui {

TransfersPage::TransfersPage(TransferModel& model, QWidget* parent)
    : QWidget(parent), m_view(new QTableView),
      m_empty(
          new QLabel(tr("No transfers yet. Uploads and downloads by clients appear here while they run.")))
{
    m_view->setObjectName(QStringLiteral("transfers"));
    m_view->setAccessibleName(tr("Transfers"));
    m_view->setModel(&model);
    m_view->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_view->setShowGrid(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->verticalHeader()->hide();
    m_view->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_view->horizontalHeader()->setSectionResizeMode(TransferModel::FileColumn, QHeaderView::Stretch);
    m_view->horizontalHeader()->setResizeContentsPrecision(50);
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);

    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_view);
    layout->addWidget(m_empty);
    const auto choose = [this, &model] {
        m_view->setVisible(model.rowCount() > 0);
        m_empty->setVisible(model.rowCount() == 0);
    };
    connect(&model, &TransferModel::summaryChanged, this, choose);
    choose();
}

} // namespace hublet::ui
