// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QTableView;
class QLabel;

namespace hublet::ui {

class TransferModel;

/// Every transfer, one row each: running ones first, then what ended.
class TransfersPage : public QWidget {
    Q_OBJECT
public:
    explicit TransfersPage(TransferModel& model, QWidget* parent = nullptr);

private:
    QTableView* m_view;
    QLabel* m_empty;
};

} // namespace hublet::ui
