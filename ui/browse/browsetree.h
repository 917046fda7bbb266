// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTreeView>

namespace hublet::ui {

/// The tree view of BrowseModel: what the keyboard does on a row.
class BrowseTree : public QTreeView {
    Q_OBJECT
public:
    explicit BrowseTree(QWidget* parent = nullptr);

signals:
    /// Enter was pressed on a row that cannot be opened further.
    void entered();
    /// A context menu is wanted for the current row, at this place on the screen.
    void menuWanted(const QPoint& global);

public:
    /// Takes the focus to the current row, to the first when there is none.
    void focusCurrent();

protected:
    void rowsInserted(const QModelIndex& parent, int start, int end) override;
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
};

} // namespace hublet::ui
