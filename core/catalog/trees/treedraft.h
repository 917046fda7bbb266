// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/trees/treebuilder.h"

#include <map>
#include <memory>
#include <variant>

namespace hublet::catalog {

/// A tree that is being changed path by path, on top of a stored one of which only the folders on the way are
/// loaded. Lives inside one write transaction. Errors of all functions beside those named: Database, Corrupt.
class TreeDraft {
public:
    /// `base`: row of a tree; 0 = start with nothing.
    TreeDraft(db::Transaction& transaction, const TreeReader& reader, qint64 base);
    ~TreeDraft();

    /// Puts a file entry (its name is set here) at `path`. Files in the way of its folders are replaced by
    /// folders. Error: Conflict when `path` is a folder that holds something.
    [[nodiscard]] Result<void> put(const RepoPath& path, StoredEntry file);
    /// Puts an entry of a stored tree, file or directory with all that is in it. Error: as put().
    [[nodiscard]] Result<void> putStored(const RepoPath& path, const StoredEntry& entry);
    /// Is there a file, is there a folder with something in it, at `path`?
    enum class Found { Nothing, File, Folder };
    [[nodiscard]] Result<Found> look(const RepoPath& path);
    /// Removes what lies at `path`. Error: EntryNotFound.
    [[nodiscard]] Result<void> remove(const RepoPath& path);
    /// What may be copied of the changes made so far, in files and folders, all copies taken together; what
    /// is stored already costs nothing. Some 50 MB.
    static constexpr int MaxClonedNodes = 250'000;

    /// Copies what lies at `from` as it is now. Errors: EntryNotFound, Conflict (as put()), InvalidPath (a
    /// folder into itself), TooLarge (MaxClonedNodes).
    [[nodiscard]] Result<void> copy(const RepoPath& from, const RepoPath& to);
    /// Moves what lies at `from`. Errors: EntryNotFound, Conflict (as put()).
    [[nodiscard]] Result<void> rename(const RepoPath& from, const RepoPath& to);

    /// Stores the tree; folders with nothing in them are left out. The draft is spent. Error: TooLarge.
    [[nodiscard]] Result<std::shared_ptr<const Tree>> save();

private:
    struct Folder;
    struct Nothing {};
    using Child = std::variant<Nothing, StoredEntry, std::unique_ptr<Folder>>; ///< StoredEntry: always a file
    /// What a name stands for now and what it stood for in the base, as far as anybody asked.
    struct Change {
        Child now;
        std::optional<QByteArray> baseKey; ///< StoredEntry::key() in the base
    };
    struct Folder {
        std::shared_ptr<const Tree> base;     ///< null: nothing
        std::map<QByteArray, Change> changes; ///< by name; wins over what `base` has under it
    };

    [[nodiscard]] Result<Folder*> root();
    [[nodiscard]] Result<std::unique_ptr<Folder>> folderOn(qint64 tree);
    [[nodiscard]] Result<Child> childFrom(const StoredEntry& entry);
    [[nodiscard]] Result<Change*> change(Folder& folder, const QByteArray& name);
    [[nodiscard]] Result<Change*> find(const RepoPath& path);
    [[nodiscard]] Result<Change*> findExisting(const RepoPath& path);
    [[nodiscard]] Result<void> place(const RepoPath& path, Child child);
    [[nodiscard]] Result<bool> holdsNothing(const Child& child);
    [[nodiscard]] Result<std::shared_ptr<const Tree>> saveFolder(Folder& folder, TreeBuilder& builder);
    [[nodiscard]] Result<Child> clone(const Child& child);

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
    const qint64 m_baseRow;
    std::unique_ptr<Folder> m_root; ///< loaded on first use
    int m_clonedNodes = 0;
};

} // namespace hublet::catalog
