// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QObject>

class QAction;
class QMenu;
class QWidget;

namespace hublet::ui {

/// Everything that can be done on the Browse page, once, for the menus, the tool bar and the context menu
/// alike. Whoever does it connects to QAction::triggered.
class BrowseActions : public QObject {
    Q_OBJECT
public:
    /// Keys that mean something else in a text or a table work in `tree` only, the others all over the
    /// window.
    BrowseActions(QWidget* tree, QObject* parent);

    /// Enables what can be done with this row.
    void update(const std::optional<BrowseItem>& item, bool canDelete);
    /// What fits a row, in the order of the File and Edit menus.
    void fillContextMenu(QMenu& menu, const std::optional<BrowseItem>& item) const;

    QAction* const newPackage;
    QAction* const newRepository;
    QAction* const newBranch;
    QAction* const newTag;
    QAction* const uploadFiles;
    QAction* const uploadFolder;
    QAction* const save;
    QAction* const setMeUp;
    QAction* const copyName;
    QAction* const copyAddress;
    QAction* const find;
    QAction* const refresh;
    QAction* const remove;
};

} // namespace hublet::ui
