// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QStackedWidget>

namespace hublet::ui {

class TransferModel;

/// Every transfer, one row each: running ones first, then what ended.
class TransfersPage : public QStackedWidget {
    Q_OBJECT
public:
    explicit TransfersPage(TransferModel& model, QWidget* parent = nullptr);
};

} // namespace hublet::ui
