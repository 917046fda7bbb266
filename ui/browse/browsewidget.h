// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QSplitter;
class QStackedWidget;

namespace hublet::service {
class ServerControl;
class Services;
} // namespace hublet::service

namespace hublet::ui {

class BrowseActions;
class BrowseCommands;
class BrowseModel;
class BrowseTree;
class DetailsPane;
class EmptyPage;
class Job;

/// The tree of everything with a filter over it on the left, details of the selected row on the right. Takes
/// files dropped on it. GUI thread only.
class BrowseWidget : public QWidget {
    Q_OBJECT
public:
    BrowseWidget(service::Services& services, const service::ServerControl& server,
                 QWidget* parent = nullptr);

    [[nodiscard]] std::optional<BrowseItem> selected() const;
    [[nodiscard]] const BrowseActions& actions() const { return *m_actions; }
    void showSetMeUp();
    [[nodiscard]] BrowseCommands& commands() { return *m_commands; }
    [[nodiscard]] QByteArray saveState() const;
    void restoreState(const QByteArray& state);

signals:
    /// Something to tell the user in passing.
    void message(const QString& text);
    /// A job runs that somebody has to own and show.
    void started(hublet::ui::Job* job);

protected:
    bool eventFilter(QObject* object, QEvent* event) override;

private:
    void buildTree();
    void connectActions();
    void showContextMenu(const QPoint& global);
    void showSelected();
    void showEmptyOrTree();
    void applyFilter();
    void expandFound();
    void select(const QStringList& keys);
    void selectCommit(const BrowseItem& item, const QString& id);
    void expandFirst();

    [[nodiscard]] std::optional<BrowseItem> itemAt(const QPoint& position) const;

    service::Services& m_services;
    const service::ServerControl& m_server;
    BrowseModel* m_model;
    BrowseTree* m_tree;
    BrowseActions* m_actions;
    BrowseCommands* m_commands;
    QLineEdit* m_filter;
    QTimer m_filterTimer; ///< so that typing does not ask the database at every key
    EmptyPage* m_empty;
    QStackedWidget* m_left;
    DetailsPane* m_details;
    QSplitter* m_splitter;
    QStringList m_wanted;    ///< keys of a row to select as soon as it is listed
    bool m_isListed = false; ///< the repositories are known
};

} // namespace hublet::ui
