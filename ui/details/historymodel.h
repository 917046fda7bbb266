// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QAbstractTableModel>

namespace hublet::service {
class Services;
}

namespace hublet::ui {

/// The commits of a revision, newest first, listed by pages while the view scrolls. GUI thread only.
class HistoryModel : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int PageSize = 100; ///< commits
    enum Column { TitleColumn, AuthorColumn, TimeColumn, IdColumn, ColumnCount };

    static constexpr int CommitRole = Qt::UserRole; ///< QString: the whole id

    explicit HistoryModel(service::Services& services, QObject* parent = nullptr);

    /// Starts over with the history of `item` (a package, ref or commit); nothing: empty.
    void show(const std::optional<BrowseItem>& item);

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    [[nodiscard]] bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

private:
    service::Services& m_services;
    std::optional<BrowseItem> m_item;
    std::vector<catalog::Commit> m_commits;
    QByteArray m_nextCursor;
    bool m_complete = true;
    bool m_busy = false;
    quint64 m_generation = 0; ///< answers for what was shown before are dropped
};

} // namespace hublet::ui
