// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QWidget>

class QTabWidget;

namespace hublet::service {
class ServerControl;
class Services;
} // namespace hublet::service

namespace hublet::ui {

class CardView;
class CopyButton;
class ElidedLabel;
class EmptyPage;
class HistoryModel;
class ItemFacts;
class PlainTable;
class SetMeUpPanel;

/// Everything about the selected row of the browse tree. What takes a moment is fetched on worker threads; an
/// answer for a row that is not shown any more is dropped. A row shown again keeps its tab and its place in
/// the text. GUI thread only.
class DetailsPane : public QWidget {
    Q_OBJECT
public:
    DetailsPane(service::Services& services, const service::ServerControl& server, QWidget* parent = nullptr);

    /// Nothing: the page says what to do next.
    void show(const std::optional<BrowseItem>& item);
    void showSetMeUp();
    /// Without any there is nothing to select, and the page does not ask for it.
    void setHasRepositories(bool has);

signals:
    /// The commit `id` in the history of `item` was chosen.
    void commitWanted(const hublet::ui::BrowseItem& item, const QString& id);

private:
    void buildHistory();
    void showHeader();
    void showTabs();
    void loadCard();

    service::Services& m_services;
    std::optional<BrowseItem> m_item;
    bool m_isFresh = true;    ///< another row than the one shown before
    quint64 m_generation = 0; ///< counts show(), to know a late answer

    QWidget* m_header;
    ElidedLabel* m_title;
    CopyButton* m_copy;
    ElidedLabel* m_subtitle;
    QTabWidget* m_tabs;
    EmptyPage* m_empty;
    ItemFacts* m_facts;
    CardView* m_card;
    PlainTable* m_historyView;
    HistoryModel* m_history;
    SetMeUpPanel* m_setMeUp;
};

} // namespace hublet::ui
