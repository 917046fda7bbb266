// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QScrollArea>

namespace hublet::service {
class ServerControl;
class Services;
} // namespace hublet::service

namespace hublet::ui {

class FactsForm;
class StorageFacts;
class XetPanel;

/// Size, ids, dates, author and whatever else there is to know about a row of the browse tree. What takes a
/// moment is fetched on worker threads and added when it comes. GUI thread only.
class ItemFacts : public QScrollArea {
    Q_OBJECT
public:
    ItemFacts(service::Services& services, const service::ServerControl& server, QWidget* parent = nullptr);

    void show(const BrowseItem& item);

signals:
    /// The repository shown has no packages yet.
    void repositoryIsEmpty();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void addRepositoryFacts();
    void addPackageFacts();
    void addRefFacts();
    void addCommitFacts(const catalog::Commit& commit);
    void addEntryFacts();

    service::Services& m_services;
    const service::ServerControl& m_server;
    FactsForm* m_form;
    XetPanel* m_xet; ///< one for all repositories, in the form of the one that is shown
    StorageFacts* m_storage;
    std::optional<BrowseItem> m_item;
    quint64 m_generation = 0; ///< counts show(), to know a late answer
};

} // namespace hublet::ui
