// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/packagequeries.h"

#include "core/base/random.h"
#include "core/catalog/tables/packagerow.h"
#include "core/catalog/tables/repositoryqueries.h"
#include "core/db/statements.h"

#include <QJsonDocument>

namespace hublet::catalog::queries {

namespace {

template <typename... Values>
Result<std::optional<Package>> onePackage(db::Transaction& transaction, QStringView sql,
                                          const Values&... values)
{
    auto found = selectOne(transaction, sql, readPackage, values...);
    if (!found)
        return forward(found);
    if (!*found)
        return std::nullopt;
    if (!**found)
        return forward(**found);
    return std::move(***found);
}

} // namespace

Result<std::optional<Package>> findPackage(db::Transaction& transaction, qint64 repository,
                                           const PackageId& id)
{
    return onePackage(transaction,
                      u"SELECT " PACKAGE_COLUMNS PACKAGE_TABLES
                      "WHERE p.repository = ? AND p.type = ? AND p.folded = ?",
                      repository, packageTypeName(id.type()), id.folded());
}

Result<Package> package(db::Transaction& transaction, qint64 row)
{
    auto found = onePackage(transaction, u"SELECT " PACKAGE_COLUMNS PACKAGE_TABLES "WHERE p.id = ?", row);
    if (!found)
        return forward(found);
    if (!*found)
        return fail(ErrorCode::PackageNotFound, QStringLiteral("The package does not exist any more"));
    return std::move(**found);
}

Result<std::optional<Package>> movedPackage(db::Transaction& transaction, qint64 repository,
                                            const PackageId& id)
{
    return onePackage(transaction,
                      u"SELECT " PACKAGE_COLUMNS PACKAGE_TABLES "JOIN package_redirect d ON d.package = p.id "
                      "WHERE d.repository = ? AND d.type = ? AND d.folded = ?",
                      repository, packageTypeName(id.type()), id.folded());
}

Result<Package> insertPackage(db::Transaction& transaction, const NewPackage& fresh, qint64 nowMs)
{
    const auto known = findPackage(transaction, fresh.repositoryId, fresh.id);
    if (!known)
        return forward(known);
    if (*known) {
        return fail(ErrorCode::AlreadyExists, QStringLiteral("A %1 repository called %2 already exists")
                                                  .arg(packageTypeName(fresh.id.type()), (*known)->id.id()));
    }
    if (const auto found = repository(transaction, fresh.repositoryId); !found)
        return forward(found);
    const QString type = packageTypeName(fresh.id.type());
    const auto unlinked =
        execute(transaction, u"DELETE FROM package_redirect WHERE repository = ? AND type = ? AND folded = ?",
                fresh.repositoryId, type, fresh.id.folded());
    if (!unlinked)
        return forward(unlinked);
    const auto row = transaction.insert(u"INSERT INTO package (repository, type, name, folded, "
                                        u"namespace_folded, hub_id, is_private, gating, disabled, "
                                        "creator, created_ms, modified_ms, head, total_size, file_count, "
                                        "downloads, card, tags, pipeline_tag, "
                                        "library_name) VALUES (?, ?, ?, ?, ?, ?, ?, 'open', 0, ?, ?, ?, "
                                        "NULL, 0, 0, 0, '', '', '', '') RETURNING id",
                                        fresh.repositoryId, type, fresh.id.id(), fresh.id.folded(),
                                        fresh.id.nameSpace().toLower(), QString::fromLatin1(randomHubId()),
                                        fresh.isPrivate, fresh.creator.name, nowMs, nowMs);
    if (!row)
        return forward(row);
    return package(transaction, *row);
}

Result<void> touchPackage(db::Transaction& transaction, qint64 row, qint64 commitMs)
{
    const auto done =
        execute(transaction, u"UPDATE package SET modified_ms = ? WHERE id = ? AND modified_ms < ?", commitMs,
                row, commitMs);
    return done ? Result<void>() : forward(done);
}

Result<void> setHead(db::Transaction& transaction, qint64 row, const PackageHead& head)
{
    const CardFacts& card = head.card;
    const QString data = card.data.isEmpty()
                             ? QString()
                             : QString::fromUtf8(QJsonDocument(card.data).toJson(QJsonDocument::Compact));
    const std::optional<GitOid> oid = head.head.isNull() ? std::nullopt : std::optional(head.head);
    const auto updated =
        execute(transaction,
                u"UPDATE package SET head = ?, total_size = ?, file_count = ?, card = ?, tags = ?, "
                "pipeline_tag = ?, library_name = ? WHERE id = ?",
                oid, head.totalSize, head.fileCount, data, card.tags.join(u'\n'), card.pipelineTag,
                card.libraryName, row);
    if (!updated)
        return forward(updated);
    if (const auto cleared = execute(transaction, u"DELETE FROM package_tag WHERE package = ?", row);
        !cleared)
        return forward(cleared);
    for (const QString& tag : card.tags) {
        const auto added = execute(
            transaction,
            u"INSERT INTO package_tag (package, tag) VALUES (?, ?) ON CONFLICT (package, tag) DO NOTHING",
            row, tag);
        if (!added)
            return forward(added);
    }
    return {};
}

} // namespace hublet::catalog::queries
