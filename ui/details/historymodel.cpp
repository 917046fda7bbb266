// SPDX-License-Identifier: Apache-2.0
#include "ui/details/historymodel.h"

#include "core/base/humanformat.h"
#include "core/service/services.h"
#include "ui/browse/browselister.h"
#include "ui/whendone.h"
#include "ui/widgets/timetext.h"

#include <QDateTime>
#include <QFontDatabase>

namespace hublet::ui {

HistoryModel::HistoryModel(service::Services& services, QObject* parent)
    : QAbstractTableModel(parent), m_services(services)
{
}

void HistoryModel::show(const std::optional<BrowseItem>& item)
{
    beginResetModel();
    ++m_generation;
    m_commits.clear();
    m_nextCursor.clear();
    m_busy = false;
    m_item = item;
    m_complete = !item;
    if (m_item && m_item->revision.isEmpty())
        m_item->revision = QStringLiteral("main");
    endResetModel();
    fetchMore({});
}

int HistoryModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_commits.size());
}

int HistoryModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant HistoryModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const catalog::Commit& commit = m_commits[std::size_t(index.row())];
    const QString id = QString::fromLatin1(commit.oid.toHex());
    if (role == Qt::DisplayRole) {
        switch (index.column()) {
        case TitleColumn:
            return commit.title;
        case AuthorColumn:
            return commit.author;
        case TimeColumn:
            return relativeTime(commit.timeMs, QDateTime::currentMSecsSinceEpoch());
        case IdColumn:
            return id.left(8);
        default:
            return {};
        }
    }
    if (role == Qt::ToolTipRole) {
        if (index.column() == TimeColumn)
            return exactTime(commit.timeMs);
        if (index.column() == IdColumn)
            return id;
    }
    if (role == CommitRole)
        return id;
    if (role == Qt::FontRole && index.column() == IdColumn)
        return QFontDatabase::systemFont(QFontDatabase::FixedFont);
    return {};
}

QVariant HistoryModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case TitleColumn:
        return tr("Commit");
    case AuthorColumn:
        return tr("Author");
    case TimeColumn:
        return tr("When");
    case IdColumn:
        return tr("Id");
    default:
        return {};
    }
}

bool HistoryModel::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && !m_complete && !m_busy;
}

void HistoryModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    m_busy = true;
    whenDone(m_services.run([item = m_item, cursor = m_nextCursor](service::Services& services) {
        return listCommits(services, *item, {cursor, PageSize, {}});
    }),
             this, [this, generation = m_generation](Result<BrowsePage> page) {
                 if (generation != m_generation)
                     return;
                 m_busy = false;
                 m_complete = !page || page->nextCursor.isEmpty();
                 if (!page || page->items.empty())
                     return;
                 m_nextCursor = page->nextCursor;
                 const int first = int(m_commits.size());
                 beginInsertRows({}, first, first + int(page->items.size()) - 1);
                 for (BrowseItem& item : page->items)
                     m_commits.push_back(std::move(*item.commit));
                 endInsertRows();
             });
}

} // namespace hublet::ui
