// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/listings.h"
#include "core/catalog/trees/treereader.h"

namespace hublet::catalog {

/// Names the files behind a content, for people who must know what a damaged content means. Walks whole
/// trees: slow, and meant for few contents. Lives inside one read transaction.
class ContentUseFinder {
public:
    ContentUseFinder(db::Transaction& transaction, const TreeReader& reader, const Sha256& content, int limit)
        : m_transaction(transaction), m_reader(reader), m_content(content), m_limit(limit)
    {
    }

    [[nodiscard]] Result<std::vector<ContentUse>> run();

private:
    [[nodiscard]] Result<void> searchPackage(qint64 row);
    [[nodiscard]] Result<bool> searchTree(const Package& package, const QString& revision, qint64 tree);

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
    const Sha256 m_content;
    const int m_limit;
    std::vector<ContentUse> m_uses;
};

} // namespace hublet::catalog
