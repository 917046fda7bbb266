// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QWidget>

class QLabel;
class QTabWidget;
class QTableView;

namespace hublet::service {
class ServerControl;
class Services;
} // namespace hublet::service

namespace hublet::ui {

class CardView;
class FactsForm;
class HistoryModel;
class SetMeUpPanel;

/// Everything about the selected row of the browse tree. What takes a moment is fetched on worker threads; an
/// answer for a row that is not shown any more is dropped. GUI thread only.
class DetailsPane : public QWidget {
    Q_OBJECT
public:
    DetailsPane(service::Services& services, const service::ServerControl& server, QWidget* parent = nullptr);

    /// Nothing: the page says what to do next.
    void show(const std::optional<BrowseItem>& item);
    void showSetMeUp();

private:
    void showHeader();
    void showTabs();
    void showFacts();
    void addRepositoryFacts();
    void addPackageFacts();
    void addRefFacts();
    void addCommitFacts(const catalog::Commit& commit);
    void addEntryFacts();
    void loadCard();
    [[nodiscard]] QString fileAddress() const;

    service::Services& m_services;
    const service::ServerControl& m_server;
    std::optional<BrowseItem> m_item;
    quint64 m_generation = 0; ///< counts show(), to know a late answer

    QLabel* m_title;
    QLabel* m_subtitle;
    QTabWidget* m_tabs;
    QWidget* m_empty;
    FactsForm* m_facts;
    CardView* m_card;
    QTableView* m_historyView;
    HistoryModel* m_history;
    SetMeUpPanel* m_setMeUp;
};

} // namespace hublet::ui
