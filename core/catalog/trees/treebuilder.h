// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/trees/treereader.h"

#include <map>
#include <optional>

namespace hublet::catalog {

/// Stores trees. Lives inside one write transaction. Errors of all functions: Database, Corrupt, TooLarge
/// (Tree::MaxFiles, Tree::MaxBytes).
class TreeBuilder {
public:
    TreeBuilder(db::Transaction& transaction, const TreeReader& reader)
        : m_transaction(transaction), m_reader(reader)
    {
    }

    /// What shall be at a key (StoredEntry::key()); nothing removes what is there.
    using Edits = std::map<QByteArray, std::optional<StoredEntry>>;
    /// The tree `base` (null = the empty tree) with `edits`. Reads and writes only the pages that the edits
    /// touch, and streams git's encoding of the rest through the hash. The result is the very tree that would
    /// be built from scratch.
    [[nodiscard]] Result<std::shared_ptr<const Tree>> edit(const std::shared_ptr<const Tree>& base,
                                                           const Edits& edits);

private:
    struct Draft;
    [[nodiscard]] Result<void> mergePage(Draft& draft, const TreePage& entries, Edits::const_iterator& edit,
                                         Edits::const_iterator end);
    [[nodiscard]] Result<void> push(Draft& draft, const StoredEntry& entry);
    [[nodiscard]] Result<void> flush(Draft& draft);
    [[nodiscard]] Result<qint64> savePage(const EncodedPage& page);
    [[nodiscard]] Result<GitOid> hashTree(const Draft& draft);
    [[nodiscard]] Result<std::shared_ptr<const Tree>> saveTree(const Draft& draft);

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
};

} // namespace hublet::catalog
