// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browsemodel.h"

#include "core/service/services.h"
#include "ui/browse/browselister.h"
#include "ui/browse/browsetext.h"
#include "ui/whendone.h"

#include <QBrush>
#include <QGuiApplication>
#include <QPalette>

#include <algorithm>

namespace hublet::ui {

namespace {

constexpr int DirtyDelayMs = 150;

/// The first `count` rows below `parent`, or all when there are fewer, in pages.
Result<BrowsePage> listFirst(service::Services& services, const std::optional<BrowseItem>& parent, int count,
                             const QStringList& words)
{
    BrowsePage all;
    do {
        auto page = listBelow(services, parent, {all.nextCursor, BrowseModel::PageSize, words});
        if (!page)
            return forward(page);
        std::move(page->items.begin(), page->items.end(), std::back_inserter(all.items));
        all.nextCursor = page->nextCursor;
    } while (!all.nextCursor.isEmpty() && int(all.items.size()) < count);
    return all;
}

} // namespace

BrowseModel::BrowseModel(service::Services& services, QObject* parent)
    : QAbstractItemModel(parent), m_services(services)
{
    m_dirtyTimer.setSingleShot(true);
    m_dirtyTimer.setInterval(DirtyDelayMs);
    connect(&m_dirtyTimer, &QTimer::timeout, this, &BrowseModel::refreshDirty);
    connectEvents();
}

BrowseModel::~BrowseModel() = default;

const BrowseItem* BrowseModel::item(const QModelIndex& index) const
{
    return index.isValid() ? &*node(index)->item : nullptr;
}

QModelIndex BrowseModel::find(const QStringList& keys) const
{
    BrowseNode* found = const_cast<BrowseNode*>(&m_root);
    for (const QString& key : keys) {
        found = child(found, key);
        if (!found)
            return {};
    }
    return indexOf(found);
}

void BrowseModel::setFilter(const QStringList& words)
{
    if (words == m_filter)
        return;
    m_filter = words;
    refreshAll();
}

void BrowseModel::refreshAll()
{
    refresh(&m_root);
    refreshPackageListsBelow(&m_root);
}

/// Rows of packages tell by their stamp whether what is below them has to be listed again; those above do
/// not.
void BrowseModel::refreshPackageListsBelow(BrowseNode* node)
{
    for (const auto& below : node->children) {
        if (below->item->kind == BrowseKind::Package)
            return;
        refresh(below.get());
        refreshPackageListsBelow(below.get());
    }
}

BrowseNode* BrowseModel::node(const QModelIndex& index) const
{
    return index.isValid() ? static_cast<BrowseNode*>(index.internalPointer())
                           : const_cast<BrowseNode*>(&m_root);
}

QModelIndex BrowseModel::indexOf(const BrowseNode* node) const
{
    return node == &m_root ? QModelIndex()
                           : createIndex(node->row, TitleColumn, const_cast<BrowseNode*>(node));
}

BrowseNode* BrowseModel::child(BrowseNode* parent, const QString& key) const
{
    for (const auto& candidate : parent->children) {
        if (candidate->item->key == key)
            return candidate.get();
    }
    return nullptr;
}

QModelIndex BrowseModel::index(int row, int column, const QModelIndex& parent) const
{
    const BrowseNode* above = node(parent);
    if (row < 0 || column < 0 || column >= ColumnCount || row >= int(above->children.size()) ||
        parent.column() > 0)
        return {};
    return createIndex(row, column, above->children[std::size_t(row)].get());
}

QModelIndex BrowseModel::parent(const QModelIndex& index) const
{
    return index.isValid() ? indexOf(node(index)->parent) : QModelIndex();
}

int BrowseModel::rowCount(const QModelIndex& parent) const
{
    return parent.column() > 0 ? 0 : int(node(parent)->children.size());
}

int BrowseModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

bool BrowseModel::hasChildren(const QModelIndex& parent) const
{
    return parent.column() <= 0 && node(parent)->mayHaveChildren();
}

bool BrowseModel::canFetchMore(const QModelIndex& parent) const
{
    const BrowseNode* above = node(parent);
    return parent.column() <= 0 && above->mayHaveChildren() && !above->complete && !above->busy;
}

void BrowseModel::fetchMore(const QModelIndex& parent)
{
    if (canFetchMore(parent))
        append(node(parent));
}

QVariant BrowseModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const BrowseItem& shown = *node(index)->item;
    if (index.column() == NoteColumn) {
        if (role == Qt::DisplayRole)
            return noteText(shown);
        if (role == Qt::ForegroundRole)
            return QGuiApplication::palette().brush(QPalette::PlaceholderText);
        return role == Qt::TextAlignmentRole ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    }
    switch (role) {
    case Qt::DisplayRole:
        return titleText(shown);
    case Qt::DecorationRole:
        return itemIcon(shown);
    case Qt::ToolTipRole:
        return toolTipText(shown);
    case Qt::AccessibleTextRole:
        return QString(titleText(shown) + u' ' + noteText(shown));
    default:
        return {};
    }
}

void BrowseModel::connectEvents()
{
    service::EventBus& events = m_services.events();
    const auto repositories = [this] { markDirty(&m_root); };
    connect(&events, &service::EventBus::repositoryAdded, this, repositories);
    connect(&events, &service::EventBus::repositoryChanged, this, repositories);
    connect(&events, &service::EventBus::repositoryRemoved, this, repositories);
    const auto package = [this](const QString& repository, PackageType type, const QString& id) {
        packageTouched(repository, type, id);
    };
    connect(&events, &service::EventBus::packageAdded, this, package);
    connect(&events, &service::EventBus::packageChanged, this, package);
    connect(&events, &service::EventBus::packageRemoved, this, package);
    connect(&events, &service::EventBus::refChanged, this, package);
    connect(&events, &service::EventBus::packageMoved, this,
            [this](const QString& repository, PackageType type, const QString& from, const QString& to) {
                packageTouched(repository, type, from);
                packageTouched(repository, type, to);
            });
}

void BrowseModel::packageTouched(const QString& repository, PackageType type, const QString& id)
{
    BrowseNode* found = child(&m_root, repository.toLower());
    if (!found)
        return;
    markDirty(found); // its totals, also when nothing below it is listed
    found = child(found, packageTypePlural(type));
    if (!found)
        return;
    markDirty(found); // namespaces come and go with their packages
    const qsizetype slash = id.indexOf(u'/');
    if (BrowseNode* space = child(found, slash < 0 ? QString() : id.left(slash).toLower())) {
        markDirty(space);
        if (BrowseNode* package = child(space, id.toLower()))
            markDirty(package);
    }
}

void BrowseModel::markDirty(BrowseNode* node)
{
    m_dirty.insert(node->id);
    if (!m_dirtyTimer.isActive())
        m_dirtyTimer.start();
}

void BrowseModel::refreshDirty()
{
    const QSet<quint64> dirty = std::exchange(m_dirty, {});
    for (const quint64 id : dirty) {
        BrowseNode* node = id == m_root.id ? &m_root : m_nodes.value(id);
        if (!node)
            continue;
        if (node->item && node->item->kind == BrowseKind::Repository)
            emit itemChanged(indexOf(node)); // what is below it, Models and Datasets, stays
        else
            refresh(node);
    }
}

void BrowseModel::append(BrowseNode* node)
{
    node->busy = true;
    node->listed = true;
    const quint64 id = node->id;
    whenDone(
        m_services.run([parent = node->item, request = ListRequest{node->nextCursor, PageSize, m_filter}](
                           service::Services& services) { return listBelow(services, parent, request); }),
        this, [this, id](Result<BrowsePage> page) {
            BrowseNode* listed = id == m_root.id ? &m_root : m_nodes.value(id);
            if (!listed)
                return;
            listed->busy = false;
            if (std::exchange(listed->again, false)) {
                listed->children.empty() ? append(listed) : refresh(listed);
                return;
            }
            if (!page) {
                listed->complete = true; // not asked again by itself; refresh does
                emit failed(page.error().detail());
                return;
            }
            listed->nextCursor = page->nextCursor;
            listed->complete = page->nextCursor.isEmpty();
            insert(listed, int(listed->children.size()), std::move(page->items));
            emit this->listed(indexOf(listed));
        });
}

void BrowseModel::refresh(BrowseNode* node)
{
    if (!node->listed)
        return;
    if (node->busy) {
        node->again = true;
        return;
    }
    node->busy = true;
    const quint64 id = node->id;
    whenDone(m_services.run([parent = node->item, count = int(node->children.size()),
                             words = m_filter](service::Services& services) {
        return listFirst(services, parent, count, words);
    }),
             this, [this, id](Result<BrowsePage> page) {
                 BrowseNode* listed = id == m_root.id ? &m_root : m_nodes.value(id);
                 if (!listed)
                     return;
                 listed->busy = false;
                 if (!page) {
                     // What was listed may just have been deleted; the listing above takes the row away.
                     if (id == m_root.id)
                         emit failed(page.error().detail());
                 } else {
                     listed->nextCursor = page->nextCursor;
                     listed->complete = page->nextCursor.isEmpty();
                     merge(listed, std::move(page->items));
                     emit this->listed(indexOf(listed));
                 }
                 if (std::exchange(listed->again, false))
                     refresh(listed);
             });
}

void BrowseModel::merge(BrowseNode* node, std::vector<BrowseItem> items)
{
    QSet<QString> wanted;
    for (const BrowseItem& item : items)
        wanted.insert(item.key);
    removeAbsent(node, wanted);

    QHash<QString, BrowseNode*> present;
    for (const auto& existing : node->children)
        present.insert(existing->item->key, existing.get());
    for (std::size_t row = 0; row < items.size();) {
        if (!present.contains(items[row].key)) {
            std::size_t end = row;
            while (end < items.size() && !present.contains(items[end].key))
                ++end;
            insert(node, int(row),
                   {std::make_move_iterator(items.begin() + std::ptrdiff_t(row)),
                    std::make_move_iterator(items.begin() + std::ptrdiff_t(end))});
            row = end;
            continue;
        }
        BrowseNode* existing = present.value(items[row].key);
        if (existing->row != int(row))
            moveHere(node, existing->row, int(row));
        update(existing, std::move(items[row]));
        ++row;
    }
}

void BrowseModel::removeAbsent(BrowseNode* node, const QSet<QString>& wanted)
{
    for (int last = int(node->children.size()) - 1; last >= 0; --last) {
        if (wanted.contains(node->children[std::size_t(last)]->item->key))
            continue;
        int first = last;
        while (first > 0 && !wanted.contains(node->children[std::size_t(first - 1)]->item->key))
            --first;
        beginRemoveRows(indexOf(node), first, last);
        const auto from = node->children.begin() + first;
        const auto to = node->children.begin() + last + 1;
        std::for_each(from, to, [this](const auto& gone) { forget(gone.get()); });
        node->children.erase(from, to);
        node->renumber(first);
        endRemoveRows();
        last = first;
    }
}

void BrowseModel::insert(BrowseNode* node, int row, std::vector<BrowseItem> items)
{
    if (items.empty())
        return;
    beginInsertRows(indexOf(node), row, row + int(items.size()) - 1);
    std::vector<std::unique_ptr<BrowseNode>> added;
    for (BrowseItem& item : items) {
        auto fresh = std::make_unique<BrowseNode>();
        fresh->id = m_nextId++;
        fresh->parent = node;
        fresh->item = std::move(item);
        m_nodes.insert(fresh->id, fresh.get());
        added.push_back(std::move(fresh));
    }
    node->children.insert(node->children.begin() + row, std::make_move_iterator(added.begin()),
                          std::make_move_iterator(added.end()));
    node->renumber(row);
    endInsertRows();
}

void BrowseModel::moveHere(BrowseNode* node, int from, int to)
{
    const QModelIndex parent = indexOf(node);
    if (!beginMoveRows(parent, from, from, parent, to > from ? to + 1 : to))
        return;
    auto moved = std::move(node->children[std::size_t(from)]);
    node->children.erase(node->children.begin() + from);
    node->children.insert(node->children.begin() + to, std::move(moved));
    node->renumber(std::min(from, to));
    endMoveRows();
}

void BrowseModel::update(BrowseNode* node, BrowseItem item)
{
    const bool below = node->item->stamp != item.stamp;
    const bool same = !below && node->item->title == item.title && node->item->note == item.note;
    node->item = std::move(item);
    if (!same) {
        const QModelIndex index = indexOf(node);
        emit dataChanged(index, index.siblingAtColumn(NoteColumn));
        emit itemChanged(index);
    }
    if (below)
        refresh(node);
}

void BrowseModel::forget(const BrowseNode* node)
{
    m_nodes.remove(node->id);
    for (const auto& below : node->children)
        forget(below.get());
}

} // namespace hublet::ui
