// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/trees/treedraft.h"

namespace hublet::catalog {

TreeDraft::TreeDraft(db::Transaction& transaction, const TreeReader& reader, qint64 base)
    : m_transaction(transaction), m_reader(reader), m_baseRow(base)
{
}

TreeDraft::~TreeDraft() = default;

Result<void> TreeDraft::put(const RepoPath& path, StoredEntry file)
{
    file.name = path.name();
    return place(path, std::move(file));
}

Result<void> TreeDraft::putStored(const RepoPath& path, const StoredEntry& entry)
{
    auto child = childFrom(entry);
    if (!child)
        return forward(child);
    if (auto* file = std::get_if<StoredEntry>(&*child))
        file->name = path.name();
    return place(path, std::move(*child));
}

Result<TreeDraft::Found> TreeDraft::look(const RepoPath& path)
{
    const auto found = find(path);
    if (!found)
        return forward(found);
    if (!*found)
        return Found::Nothing;
    const auto nothing = holdsNothing((*found)->now);
    if (!nothing)
        return forward(nothing);
    if (*nothing)
        return Found::Nothing;
    return std::holds_alternative<StoredEntry>((*found)->now) ? Found::File : Found::Folder;
}

Result<void> TreeDraft::remove(const RepoPath& path)
{
    const auto found = findExisting(path);
    if (!found)
        return forward(found);
    (*found)->now = Nothing();
    return {};
}

Result<void> TreeDraft::copy(const RepoPath& from, const RepoPath& to)
{
    const auto found = findExisting(from);
    if (!found)
        return forward(found);
    const bool isFile = std::holds_alternative<StoredEntry>((*found)->now);
    if (!isFile && to.bytes().startsWith(from.bytes() + '/')) {
        return fail(ErrorCode::InvalidPath,
                    QStringLiteral("Invalid path in repo: a folder cannot be copied into itself: %1 to %2")
                        .arg(from.text(), to.text()));
    }
    auto child = clone((*found)->now);
    if (!child)
        return forward(child);
    if (auto* file = std::get_if<StoredEntry>(&*child))
        file->name = to.name();
    return place(to, std::move(*child));
}

Result<void> TreeDraft::rename(const RepoPath& from, const RepoPath& to)
{
    const auto found = findExisting(from);
    if (!found)
        return forward(found);
    Child child = std::move((*found)->now);
    (*found)->now = Nothing();
    if (auto* file = std::get_if<StoredEntry>(&child))
        file->name = to.name();
    return place(to, std::move(child));
}

Result<std::shared_ptr<const Tree>> TreeDraft::save()
{
    const auto top = root();
    if (!top)
        return forward(top);
    TreeBuilder builder(m_transaction, m_reader);
    return saveFolder(**top, builder);
}

Result<TreeDraft::Folder*> TreeDraft::root()
{
    if (!m_root) {
        auto folder = folderOn(m_baseRow);
        if (!folder)
            return forward(folder);
        m_root = std::move(*folder);
    }
    return m_root.get();
}

Result<std::unique_ptr<TreeDraft::Folder>> TreeDraft::folderOn(qint64 tree)
{
    auto folder = std::make_unique<Folder>();
    if (tree != 0) {
        auto base = m_reader.tree(m_transaction, tree);
        if (!base)
            return forward(base);
        folder->base = std::move(*base);
    }
    return folder;
}

Result<TreeDraft::Child> TreeDraft::childFrom(const StoredEntry& entry)
{
    if (!entry.isDirectory())
        return Child(entry);
    auto folder = folderOn(entry.tree);
    if (!folder)
        return forward(folder);
    return Child(std::move(*folder));
}

/// The place of `name` in `folder`, made from the base on first use.
Result<TreeDraft::Change*> TreeDraft::change(Folder& folder, const QByteArray& name)
{
    if (const auto known = folder.changes.find(name); known != folder.changes.end())
        return &known->second;
    Change fresh;
    if (folder.base) {
        const auto entry = m_reader.find(m_transaction, folder.base->row, name);
        if (!entry)
            return forward(entry);
        if (*entry) {
            fresh.baseKey = (*entry)->key();
            auto child = childFrom(**entry);
            if (!child)
                return forward(child);
            fresh.now = std::move(*child);
        }
    }
    return &folder.changes.emplace(name, std::move(fresh)).first->second;
}

/// Null when a folder on the way is absent or a file. The root itself has no Change.
Result<TreeDraft::Change*> TreeDraft::find(const RepoPath& path)
{
    const auto top = root();
    if (!top)
        return forward(top);
    Folder* folder = *top;
    Change* place = nullptr;
    for (const QByteArray& segment : path.segments()) {
        if (!folder)
            return nullptr;
        const auto step = change(*folder, segment);
        if (!step)
            return step;
        place = *step;
        const auto* inside = std::get_if<std::unique_ptr<Folder>>(&place->now);
        folder = inside ? inside->get() : nullptr;
    }
    return place;
}

Result<TreeDraft::Change*> TreeDraft::findExisting(const RepoPath& path)
{
    auto found = find(path);
    if (!found)
        return found;
    if (*found) {
        const auto nothing = holdsNothing((*found)->now);
        if (!nothing)
            return forward(nothing);
        if (!*nothing)
            return found;
    }
    return fail(ErrorCode::EntryNotFound,
                QStringLiteral("A file with this name doesn't exist: %1").arg(path.text()));
}

Result<void> TreeDraft::place(const RepoPath& path, Child child)
{
    if (path.isRoot())
        return fail(ErrorCode::InvalidPath, QStringLiteral("Invalid path in repo: it is empty"));
    const auto top = root();
    if (!top)
        return forward(top);
    Folder* folder = *top;
    for (const QByteArray& segment : path.parent().segments()) {
        const auto step = change(*folder, segment);
        if (!step)
            return forward(step);
        if (!std::holds_alternative<std::unique_ptr<Folder>>((*step)->now))
            (*step)->now = std::make_unique<Folder>();
        folder = std::get<std::unique_ptr<Folder>>((*step)->now).get();
    }
    const auto target = change(*folder, path.name());
    if (!target)
        return forward(target);
    if (std::holds_alternative<std::unique_ptr<Folder>>((*target)->now)) {
        const auto nothing = holdsNothing((*target)->now);
        if (!nothing)
            return forward(nothing);
        if (!*nothing) {
            return fail(ErrorCode::Conflict,
                        QStringLiteral("There is a folder where a file shall be: %1").arg(path.text()));
        }
    }
    (*target)->now = std::move(child);
    return {};
}

/// True for a folder all of whose files were removed, too.
Result<bool> TreeDraft::holdsNothing(const Child& child)
{
    const auto* inside = std::get_if<std::unique_ptr<Folder>>(&child);
    if (!inside)
        return std::holds_alternative<Nothing>(child);
    const Folder& folder = **inside;
    for (const auto& [name, change] : folder.changes) {
        const auto nothing = holdsNothing(change.now);
        if (!nothing || !*nothing)
            return nothing;
    }
    if (!folder.base)
        return true;
    for (const PageRef& ref : folder.base->pages) {
        const auto page = m_reader.page(m_transaction, ref.page);
        if (!page)
            return forward(page);
        for (const StoredEntry& entry : **page) {
            if (folder.changes.find(entry.name) == folder.changes.end())
                return false;
        }
    }
    return true;
}

Result<std::shared_ptr<const Tree>> TreeDraft::saveFolder(Folder& folder, TreeBuilder& builder)
{
    TreeBuilder::Edits edits;
    for (auto& [name, change] : folder.changes) {
        if (change.baseKey)
            edits.insert_or_assign(*change.baseKey, std::nullopt);
        if (auto* file = std::get_if<StoredEntry>(&change.now)) {
            edits.insert_or_assign(file->key(), std::move(*file));
        } else if (const auto* inside = std::get_if<std::unique_ptr<Folder>>(&change.now)) {
            const auto tree = saveFolder(**inside, builder);
            if (!tree)
                return tree;
            if ((*tree)->pages.empty())
                continue;
            StoredEntry directory;
            directory.name = name;
            directory.mode = StoredEntry::DirectoryMode;
            directory.oid = (*tree)->oid;
            directory.size = (*tree)->size;
            directory.tree = (*tree)->row;
            directory.fileCount = (*tree)->fileCount;
            edits.insert_or_assign(directory.key(), std::move(directory));
        }
    }
    return builder.edit(folder.base, edits);
}

Result<TreeDraft::Child> TreeDraft::clone(const Child& child)
{
    if (++m_clonedNodes > MaxClonedNodes) {
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("One commit can copy at most %1 of the files and folders that it changed")
                        .arg(MaxClonedNodes));
    }
    if (const auto* file = std::get_if<StoredEntry>(&child))
        return Child(*file);
    const auto* inside = std::get_if<std::unique_ptr<Folder>>(&child);
    if (!inside)
        return Child(Nothing());
    auto copy = std::make_unique<Folder>();
    copy->base = (*inside)->base;
    for (const auto& [name, change] : (*inside)->changes) {
        auto copied = clone(change.now);
        if (!copied)
            return copied;
        copy->changes.emplace(name, Change{std::move(*copied), change.baseKey});
    }
    return Child(std::move(copy));
}

} // namespace hublet::catalog
