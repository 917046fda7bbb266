// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QWidget>

class QSplitter;
class QTreeView;

namespace hublet::service {
class ServerControl;
class Services;
} // namespace hublet::service

namespace hublet::ui {

class BrowseModel;
class DetailsPane;

/// The tree of everything on the left, details of the selected row on the right. GUI thread only.
class BrowseWidget : public QWidget {
    Q_OBJECT
public:
    BrowseWidget(service::Services& services, const service::ServerControl& server,
                 QWidget* parent = nullptr);

    [[nodiscard]] std::optional<BrowseItem> selected() const;
    void showSetMeUp();
    void newRepository();
    void newPackage();
    void deleteSelected();
    [[nodiscard]] bool canDelete() const;
    [[nodiscard]] QByteArray saveState() const;
    void restoreState(const QByteArray& state);

signals:
    void selectionChanged();
    /// Something to tell the user in passing.
    void message(const QString& text);

private:
    void showContextMenu(const QPoint& position);
    void showSelected();
    void select(const QStringList& keys);
    void expandFirst();

    service::Services& m_services;
    BrowseModel* m_model;
    QTreeView* m_tree;
    DetailsPane* m_details;
    QSplitter* m_splitter;
    QStringList m_wanted; ///< keys of a row to select as soon as it is listed
};

} // namespace hublet::ui
