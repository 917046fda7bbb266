// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/refqueries.h"

#include "core/catalog/model/refname.h"
#include "core/catalog/tables/cursor.h"
#include "core/db/statements.h"

#include <algorithm>
#include <tuple>

namespace hublet::catalog::queries {

namespace {

#define REF_COLUMNS "r.id, r.commit_row, r.kind, r.full_name, c.oid, r.created_ms, r.updated_ms, r.package "
#define REF_TABLES "FROM package_ref r JOIN commit_object c ON c.id = r.commit_row "
#define DEPLOYMENT_COLUMNS "d.id, d.full_name, c.oid, d.publisher, d.published_ms "
#define DEPLOYMENT_TABLES "FROM deployment d JOIN commit_object c ON c.id = d.commit_row "

RefRow readRef(const db::Query& query)
{
    RefRow row;
    row.id = query.integer(0);
    row.commit = query.integer(1);
    row.ref.kind = refKindFromName(query.text(2)).value_or(RefKind::Branch);
    row.ref.fullName = query.text(3);
    const auto name = RefName::parse(row.ref.fullName);
    row.ref.name = name ? name->clientName() : row.ref.fullName;
    row.ref.commit = query.digest<GitOid>(4);
    row.ref.createdMs = query.integer(5);
    row.ref.updatedMs = query.integer(6);
    row.package = query.integer(7);
    return row;
}

Deployment readDeployment(const db::Query& query)
{
    const auto name = RefName::parse(query.text(1));
    return {query.integer(0), name ? name->clientName() : query.text(1), query.digest<GitOid>(2),
            query.text(3), query.integer(4)};
}

bool listedBefore(const RefRow& left, const RefRow& right)
{
    const auto key = [](const Ref& ref) {
        const bool isPullRequest = ref.kind == RefKind::PullRequest;
        const int number = isPullRequest ? ref.name.section(u'/', -1).toInt() : 0;
        return std::tuple(isPullRequest, number, ref.fullName != RefName::main(), ref.fullName);
    };
    return key(left.ref) < key(right.ref);
}

} // namespace

Result<std::optional<RefRow>> findRef(db::Transaction& transaction, qint64 package, const QString& fullName)
{
    return selectOne(transaction, u"SELECT " REF_COLUMNS REF_TABLES "WHERE r.package = ? AND r.full_name = ?",
                     readRef, package, fullName);
}

Result<std::vector<RefRow>> refs(db::Transaction& transaction, qint64 package)
{
    auto rows =
        selectAll(transaction, u"SELECT " REF_COLUMNS REF_TABLES "WHERE r.package = ?", readRef, package);
    if (rows)
        std::sort(rows->begin(), rows->end(), listedBefore);
    return rows;
}

Result<RefRow> setRef(db::Transaction& transaction, qint64 package, const QString& fullName, RefKind kind,
                      qint64 commit, const QString& message, qint64 nowMs)
{
    const auto stored = execute(
        transaction,
        u"INSERT INTO package_ref (package, kind, full_name, commit_row, message, created_ms, updated_ms) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (package, full_name) DO UPDATE SET "
        "commit_row = excluded.commit_row, updated_ms = excluded.updated_ms",
        package, refKindName(kind), fullName, commit, message, nowMs, nowMs);
    if (!stored)
        return forward(stored);
    auto row = findRef(transaction, package, fullName);
    if (!row)
        return forward(row);
    if (!*row)
        return fail(ErrorCode::Database, QStringLiteral("A ref was neither stored nor found"));
    return std::move(**row);
}

Result<void> deleteRef(db::Transaction& transaction, qint64 ref)
{
    const auto done = execute(transaction, u"DELETE FROM package_ref WHERE id = ?", ref);
    return done ? Result<void>() : forward(done);
}

Result<void> insertDeployment(db::Transaction& transaction, qint64 package, const QString& fullName,
                              qint64 commit, const QString& publisher, qint64 nowMs)
{
    const auto newest = selectOne(
        transaction, u"SELECT coalesce(max(published_ms), 0) FROM deployment WHERE package = ?",
        [](const db::Query& query) { return query.integer(0); }, package);
    if (!newest)
        return forward(newest);
    const qint64 publishedMs = std::max(nowMs, newest->value_or(0) + 1);
    const auto done = execute(transaction,
                              u"INSERT INTO deployment (package, full_name, commit_row, publisher, "
                              u"published_ms) VALUES (?, ?, ?, ?, ?)",
                              package, fullName, commit, publisher, publishedMs);
    return done ? Result<void>() : forward(done);
}

Result<void> deleteDeployments(db::Transaction& transaction, qint64 package, const QString& fullName)
{
    const auto done = execute(transaction, u"DELETE FROM deployment WHERE package = ? AND full_name = ?",
                              package, fullName);
    return done ? Result<void>() : forward(done);
}

Result<Page<Deployment>> deployments(db::Transaction& transaction, qint64 package,
                                     const std::optional<QString>& revision, int limit,
                                     const QByteArray& cursor)
{
    const auto after = Cursor::parse(cursor);
    if (!cursor.isEmpty() && !after)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("The cursor is not valid"));
    const qint64 beforeMs = after ? after->number() : std::numeric_limits<qint64>::max();
    auto rows =
        revision
            ? selectAll(transaction,
                        u"SELECT " DEPLOYMENT_COLUMNS DEPLOYMENT_TABLES
                        "WHERE d.package = ? AND d.full_name IN (?, ?) AND d.published_ms < ? "
                        "ORDER BY d.published_ms DESC LIMIT ?",
                        readDeployment, package, RefName::branch(*revision), RefName::tag(*revision),
                        beforeMs, limit + 1)
            : selectAll(transaction,
                        u"SELECT " DEPLOYMENT_COLUMNS DEPLOYMENT_TABLES
                        "WHERE d.package = ? AND d.published_ms < ? ORDER BY d.published_ms DESC LIMIT ?",
                        readDeployment, package, beforeMs, limit + 1);
    if (!rows)
        return forward(rows);
    Page<Deployment> page{std::move(*rows), {}};
    if (int(page.items.size()) > limit) {
        page.items.pop_back();
        if (!page.items.empty())
            page.nextCursor = Cursor::of(page.items.back().publishedMs, page.items.back().id);
    }
    return page;
}

Result<std::optional<Deployment>> deployment(db::Transaction& transaction, qint64 package, qint64 publishedMs)
{
    return selectOne(transaction,
                     u"SELECT " DEPLOYMENT_COLUMNS DEPLOYMENT_TABLES
                     "WHERE d.package = ? AND d.published_ms = ?",
                     readDeployment, package, publishedMs);
}

} // namespace hublet::catalog::queries
