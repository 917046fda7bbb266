// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/catalogverifier.h"

#include "core/base/hasher.h"
#include "core/catalog/formats/gitcommit.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/trees/treepage.h"
#include "core/db/statements.h"

namespace hublet::catalog {

namespace {

constexpr int RowsAtOnce = 500; ///< in one read transaction

/// A table, and whether one of its rows is what its digest says. Column 0 is the row's id.
struct Check {
    QStringView sql; ///< with the id to begin behind, and the number of rows
    QString what;    ///< "Tree %1 ..."
    bool (*isSound)(const db::Query& query);
};

bool isSoundPage(const db::Query& query)
{
    return EncodedPage{query.bytes(2), query.bytes(3)}.digest() == query.digest<Sha256>(1);
}

bool isSoundTree(const db::Query& query)
{
    return Sha256Hasher::hash(query.bytes(2) + query.bytes(3)) == query.digest<Sha256>(1);
}

bool isSoundCommit(const db::Query& query)
{
    Commit commit;
    commit.tree = query.digest<GitOid>(2);
    const QByteArray parents = query.bytes(3);
    for (qsizetype at = 0; at < parents.size(); at += qsizetype(GitOid::Size))
        commit.parents.push_back(
            GitOid::fromBytes(parents.mid(at, qsizetype(GitOid::Size))).value_or(GitOid()));
    commit.author = query.text(4);
    commit.authorEmail = query.text(5);
    commit.timeMs = query.integer(6);
    commit.title = query.text(7);
    commit.message = query.text(8);
    return gitObjectOid("commit", GitCommit::encode(commit)) == query.digest<GitOid>(1);
}

Result<void> runCheck(const Catalog& catalog, const Check& check, QStringList& problems,
                      const CancelToken& cancel)
{
    qint64 last = 0;
    while (problems.size() < CatalogVerifier::MaxProblems) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("The verification was cancelled"));
        const auto rows = catalog.read([&](db::Transaction& transaction) {
            return selectAll(
                transaction, check.sql,
                [&](const db::Query& query) { return std::pair(query.integer(0), check.isSound(query)); },
                last, RowsAtOnce);
        });
        if (!rows)
            return forward(rows);
        if (rows->empty())
            break;
        for (const auto& [row, isSound] : *rows) {
            if (!isSound)
                problems.append(check.what.arg(row));
        }
        last = rows->back().first;
    }
    return {};
}

} // namespace

Result<QStringList> CatalogVerifier::run(const CancelToken& cancel) const
{
    const Check checks[] = {
        {u"SELECT id, digest, git, facts FROM tree_page WHERE id > ? ORDER BY id LIMIT ?",
         QStringLiteral("Page %1 of the trees in the database is damaged"), isSoundPage},
        {u"SELECT id, digest, oid, pages FROM tree WHERE id > ? ORDER BY id LIMIT ?",
         QStringLiteral("Tree %1 in the database is damaged"), isSoundTree},
        {u"SELECT c.id, c.oid, t.oid, c.parents, c.author, c.email, c.time_ms, c.title, c.message "
         u"FROM commit_object c LEFT JOIN tree t ON t.id = c.tree WHERE c.id > ? ORDER BY c.id LIMIT ?",
         QStringLiteral("Commit %1 in the database is damaged"), isSoundCommit},
    };
    QStringList problems;
    for (const Check& check : checks) {
        if (const auto checked = runCheck(m_catalog, check, problems, cancel); !checked)
            return forward(checked);
    }
    return problems;
}

} // namespace hublet::catalog
