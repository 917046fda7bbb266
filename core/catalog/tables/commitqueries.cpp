// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/commitqueries.h"

#include "core/base/hasher.h"
#include "core/catalog/formats/gitcommit.h"
#include "core/catalog/tables/cursor.h"
#include "core/db/statements.h"

namespace hublet::catalog::queries {

namespace {

#define COMMIT_COLUMNS                                                                                       \
    "c.id, c.oid, c.tree, t.oid, c.parents, c.first_parent, c.generation, c.author, c.email, c.time_ms, "    \
    "c.title, "                                                                                              \
    "c.message, c.package "
#define COMMIT_TABLES "FROM commit_object c JOIN tree t ON t.id = c.tree "

std::vector<GitOid> parentIds(const QByteArray& bytes)
{
    constexpr auto Size = qsizetype(GitOid::Size);
    std::vector<GitOid> ids;
    for (qsizetype at = 0; at + Size <= bytes.size(); at += Size)
        ids.push_back(GitOid::fromBytes(QByteArrayView(bytes).sliced(at, Size)).value_or(GitOid()));
    return ids;
}

CommitRow readCommit(const db::Query& query)
{
    CommitRow row;
    row.id = query.integer(0);
    row.commit.oid = query.digest<GitOid>(1);
    row.tree = query.integer(2);
    row.commit.tree = query.digest<GitOid>(3);
    row.commit.parents = parentIds(query.bytes(4));
    row.firstParent = query.integer(5);
    row.generation = query.integer(6);
    row.commit.author = query.text(7);
    row.commit.authorEmail = query.text(8);
    row.commit.timeMs = query.integer(9);
    row.commit.title = query.text(10);
    row.commit.message = query.text(11);
    row.package = query.integer(12);
    return row;
}

Result<CommitRow> existing(Result<std::optional<CommitRow>> found, const QString& name)
{
    if (!found)
        return forward(found);
    if (!*found)
        return fail(ErrorCode::RevisionNotFound, QStringLiteral("Invalid rev id: %1").arg(name));
    return std::move(**found);
}

} // namespace

Result<std::optional<CommitRow>> findCommit(db::Transaction& transaction, qint64 package, const GitOid& oid)
{
    return selectOne(transaction, u"SELECT " COMMIT_COLUMNS COMMIT_TABLES "WHERE c.package = ? AND c.oid = ?",
                     readCommit, package, oid);
}

Result<std::optional<CommitRow>> findCommit(db::Transaction& transaction, qint64 row)
{
    return selectOne(transaction, u"SELECT " COMMIT_COLUMNS COMMIT_TABLES "WHERE c.id = ?", readCommit, row);
}

Result<CommitRow> commit(db::Transaction& transaction, qint64 package, const GitOid& oid)
{
    return existing(findCommit(transaction, package, oid), QString::fromLatin1(oid.toHex()));
}

Result<CommitRow> commit(db::Transaction& transaction, qint64 row)
{
    return existing(findCommit(transaction, row), QString::number(row));
}

Result<std::optional<CommitRow>> commitByPrefix(db::Transaction& transaction, qint64 package,
                                                const QByteArray& hex)
{
    constexpr int Digits = 2 * int(GitOid::Size);
    const auto from = GitOid::fromHex(hex.leftJustified(Digits, '0'));
    const auto to = GitOid::fromHex(hex.leftJustified(Digits, 'f'));
    if (!from || !to)
        return std::nullopt;
    auto found = selectAll(transaction,
                           u"SELECT " COMMIT_COLUMNS COMMIT_TABLES
                           "WHERE c.package = ? AND c.oid >= ? AND c.oid <= ? LIMIT 2",
                           readCommit, package, *from, *to);
    if (!found)
        return forward(found);
    if (found->size() != 1)
        return std::nullopt;
    return std::move(found->front());
}

Result<std::vector<CommitRow>> commitsByRequest(db::Transaction& transaction, qint64 package,
                                                const Sha256& requestDigest)
{
    return selectAll(transaction,
                     u"SELECT " COMMIT_COLUMNS COMMIT_TABLES
                     "WHERE c.package = ? AND c.request_digest = ? ORDER BY c.id DESC",
                     readCommit, package, requestDigest);
}

Result<std::vector<qint64>> parentRows(db::Transaction& transaction, qint64 row)
{
    struct Links {
        qint64 package = 0;
        qint64 firstParent = 0;
        std::vector<GitOid> parents;
    };
    const auto links = selectOne(
        transaction, u"SELECT package, first_parent, parents FROM commit_object WHERE id = ?",
        [](const db::Query& query) {
            return Links{query.integer(0), query.integer(1), parentIds(query.bytes(2))};
        },
        row);
    if (!links)
        return forward(links);
    std::vector<qint64> rows;
    if (!*links || (*links)->firstParent == 0)
        return rows;
    rows.push_back((*links)->firstParent);
    for (std::size_t i = 1; i < (*links)->parents.size(); ++i) {
        const auto parent = selectOne(
            transaction, u"SELECT id FROM commit_object WHERE package = ? AND oid = ?",
            [](const db::Query& query) { return query.integer(0); }, (*links)->package, (*links)->parents[i]);
        if (!parent)
            return forward(parent);
        if (*parent)
            rows.push_back(**parent);
    }
    return rows;
}

Result<std::vector<qint64>> commitRows(db::Transaction& transaction, qint64 package)
{
    return selectAll(
        transaction, u"SELECT id FROM commit_object WHERE package = ? ORDER BY id",
        [](const db::Query& query) { return query.integer(0); }, package);
}

Result<CommitRow> insertCommit(db::Transaction& transaction, const NewCommit& fresh)
{
    const Signature author = GitCommit::cleanSignature(fresh.author);
    const GitCommit::Message message = GitCommit::cleanMessage(fresh.title, fresh.message);
    CommitRow row;
    row.package = fresh.package;
    row.tree = fresh.tree->row;
    row.commit.tree = fresh.tree->oid;
    QByteArray parents;
    for (const CommitRow& parent : fresh.parents) {
        row.commit.parents.push_back(parent.commit.oid);
        parents += parent.commit.oid.toBytes();
    }
    if (!fresh.parents.empty()) {
        row.firstParent = fresh.parents.front().id;
        row.generation = fresh.parents.front().generation + 1;
    }
    row.commit.author = author.name;
    row.commit.authorEmail = author.email;
    row.commit.timeMs = fresh.timeMs;
    row.commit.title = message.title;
    row.commit.message = message.body;
    row.commit.oid = gitObjectOid("commit", GitCommit::encode(row.commit));

    auto known = findCommit(transaction, fresh.package, row.commit.oid);
    if (!known)
        return forward(known);
    if (*known)
        return std::move(**known);
    std::optional<qint64> firstParent;
    if (row.firstParent != 0)
        firstParent = row.firstParent;
    const auto id = transaction.insert(
        u"INSERT INTO commit_object (package, oid, tree, parents, first_parent, generation, author, email, "
        u"time_ms, title, "
        "message, request_digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        fresh.package, row.commit.oid, row.tree, parents, firstParent, row.generation, author.name,
        author.email, fresh.timeMs, message.title, message.body, fresh.requestDigest);
    if (!id)
        return forward(id);
    row.id = *id;
    return row;
}

} // namespace hublet::catalog::queries
