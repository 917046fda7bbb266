// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTableView>

#include <functional>

namespace hublet::ui {

/// A table as all of the window's tables are: whole rows, no grid, no row numbers, room to read; Tab leaves
/// it.
class PlainTable : public QTableView {
    Q_OBJECT
public:
    explicit PlainTable(QWidget* parent = nullptr);

    /// Shows `model`; this column takes the room that the others leave.
    void setModelStretching(QAbstractItemModel* model, int column);
    /// Adds to the context menu: copies what `text` gives for the current row (its first column).
    void addCopyAction(const QString& title, std::function<QString(const QModelIndex&)> text);
};

} // namespace hublet::ui
