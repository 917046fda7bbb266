// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"
#include "ui/browse/browsenode.h"

#include <QAbstractItemModel>
#include <QHash>
#include <QSet>
#include <QTimer>

namespace hublet::service {
class Services;
}

namespace hublet::ui {

/// The tree repository > Models / Datasets > organisation > name > refs > folders and files. Rows are listed
/// by pages when the view asks for them, on worker threads; a package with 100,000 files opens without a
/// stall. Listens to the EventBus: what clients change appears by itself, rows keep their place, expansion
/// and selection survive. GUI thread only.
class BrowseModel : public QAbstractItemModel {
    Q_OBJECT
public:
    static constexpr int PageSize = 200; ///< rows
    enum Column { TitleColumn, NoteColumn, ColumnCount };

    explicit BrowseModel(service::Services& services, QObject* parent = nullptr);
    ~BrowseModel() override;

    /// The row as a value; null for an invalid index. Valid until the event loop runs again.
    [[nodiscard]] const BrowseItem* item(const QModelIndex& index) const;
    /// The row with this chain of BrowseItem::key from the top, as far as it is listed; invalid when it is
    /// not.
    [[nodiscard]] QModelIndex find(const QStringList& keys) const;
    /// Shows only packages whose id has all of these words in it, and what they are in; empty: everything.
    void setFilter(const QStringList& words);
    [[nodiscard]] const QStringList& filter() const { return m_filter; }
    /// Lists repositories, organisations and packages once more; what is below a package follows when it
    /// changed.
    void refreshAll();

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& index) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool hasChildren(const QModelIndex& parent = {}) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;

signals:
    /// A listing failed; `message` is a sentence for the user.
    void failed(const QString& message);
    /// Rows below `parent` were asked for and are here now.
    void listed(const QModelIndex& parent);
    /// The row behind `index` has new facts: details that show it should be made anew.
    void itemChanged(const QModelIndex& index);

private:
    [[nodiscard]] BrowseNode* node(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const BrowseNode* node) const;
    [[nodiscard]] BrowseNode* child(BrowseNode* parent, const QString& key) const;

    void connectEvents();
    void packageTouched(const QString& repository, PackageType type, const QString& id);
    void markDirty(BrowseNode* node);
    void refreshDirty();

    void refreshPackageListsBelow(BrowseNode* node);
    void append(BrowseNode* node);
    void refresh(BrowseNode* node);
    void merge(BrowseNode* node, std::vector<BrowseItem> items);
    void removeAbsent(BrowseNode* node, const QSet<QString>& wanted);
    void insert(BrowseNode* node, int row, std::vector<BrowseItem> items);
    void moveHere(BrowseNode* node, int from, int to);
    void update(BrowseNode* node, BrowseItem item);
    void forget(const BrowseNode* node);

    service::Services& m_services;
    BrowseNode m_root;
    QHash<quint64, BrowseNode*> m_nodes; ///< all but the root
    quint64 m_nextId = 1;
    QStringList m_filter;
    QSet<quint64> m_dirty;
    QTimer m_dirtyTimer; ///< so that a burst of changes costs one listing
};

} // namespace hublet::ui
