// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/packagequeries.h"

#include "core/base/random.h"
#include "core/catalog/cursor.h"
#include "core/catalog/rows.h"

#include <QJsonDocument>

namespace hublet::catalog::queries {

namespace {

// The order of these columns is known to readPackage().
#define PACKAGE_COLUMNS                                                                                      \
    "p.id, p.repository, r.name, p.type, p.name, p.hub_id, p.is_private, p.gating, p.disabled, p.creator, "  \
    "p.created_ms, p.modified_ms, p.head, p.total_size, p.file_count, p.downloads, p.card, p.tags, "         \
    "p.pipeline_tag, "                                                                                       \
    "p.library_name "
#define PACKAGE_TABLES "FROM package p JOIN repository r ON r.id = p.repository "
#define REPOSITORY_COLUMNS                                                                                   \
    "id, name, class, layout, description, xet, create_on_deploy, strict_revision_names, quota_bytes, "      \
    "created_ms "

tl::unexpected<Error> damaged(qint64 row)
{
    return fail(ErrorCode::Corrupt, QStringLiteral("Row %1 of the catalogue cannot be read").arg(row));
}

Result<Repository> readRepository(const db::Query& query)
{
    const auto key = RepositoryKey::parse(query.text(1));
    const auto rclass = repositoryClassFromName(query.text(2));
    const auto layout = layoutFromName(query.text(3));
    if (!key || !rclass || !layout)
        return damaged(query.integer(0));
    RepositorySettings settings;
    settings.description = query.text(4);
    settings.xet = query.flag(5);
    settings.createOnDeploy = query.flag(6);
    settings.strictRevisionNames = query.flag(7);
    settings.quotaBytes = query.integer(8);
    return Repository{query.integer(0), *key, *rclass, *layout, settings, query.integer(9)};
}

Gating gatingFromName(const QString& name)
{
    for (const Gating gating : {Gating::Automatic, Gating::Manual}) {
        if (name == gatingName(gating))
            return gating;
    }
    return Gating::Open;
}

Result<Package> readPackage(const db::Query& query)
{
    const auto key = RepositoryKey::parse(query.text(2));
    const auto type = packageTypeFromName(query.text(3));
    const auto id = PackageId::parse(type.value_or(PackageType::Model), query.text(4));
    if (!key || !type || !id)
        return damaged(query.integer(0));
    CardFacts card;
    card.data = QJsonDocument::fromJson(query.text(16).toUtf8()).object();
    card.tags = query.text(17).split(u'\n', Qt::SkipEmptyParts);
    card.pipelineTag = query.text(18);
    card.libraryName = query.text(19);
    return Package{query.integer(0),
                   query.integer(1),
                   *key,
                   *id,
                   query.text(5).toLatin1(),
                   query.flag(6),
                   gatingFromName(query.text(7)),
                   query.flag(8),
                   query.text(9),
                   query.integer(10),
                   query.integer(11),
                   query.digest<GitOid>(12),
                   query.integer(13),
                   query.integer(14),
                   query.integer(15),
                   std::move(card)};
}

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

template <typename... Values>
Result<Repository> oneRepository(db::Transaction& transaction, QStringView sql, const QString& name,
                                 const Values&... values)
{
    auto found = selectOne(transaction, sql, readRepository, values...);
    if (!found)
        return forward(found);
    if (!*found)
        return fail(ErrorCode::RepositoryNotFound, QStringLiteral("There is no repository '%1'").arg(name));
    return **found;
}

/// `words` as a pattern for LIKE ... ESCAPE '\'.
QString containing(const QString& word)
{
    QString pattern = word.toLower();
    for (const QChar special : {u'\\', u'%', u'_'})
        pattern.replace(special, QString(u'\\') + special);
    return u'%' + pattern + u'%';
}

struct Order {
    QString column;
    bool isText;
};

Order orderOf(PackageQuery::Sort sort)
{
    switch (sort) {
    case PackageQuery::Sort::Modified:
        return {QStringLiteral("p.modified_ms"), false};
    case PackageQuery::Sort::Created:
        return {QStringLiteral("p.created_ms"), false};
    case PackageQuery::Sort::Downloads:
        return {QStringLiteral("p.downloads"), false};
    case PackageQuery::Sort::Id:
        return {QStringLiteral("p.folded"), true};
    }
    return {QStringLiteral("p.id"), false};
}

/// Conditions that are not wanted are switched off by their first value, so that there is one statement per
/// order. The rows come in order and reading stops when the page is full.
QString listSql(const Order& order, bool descending)
{
    const QString text = QStringLiteral(
        "SELECT " PACKAGE_COLUMNS PACKAGE_TABLES
        "WHERE (? = 0 OR p.repository = ?) AND (? = '' OR p.type = ?) "
        "AND (? = '' OR p.namespace_folded = ?) AND (? = '' OR p.pipeline_tag = ?) "
        "AND (? <> 1 OR p.gating <> 'open') AND (? <> 0 OR p.gating = 'open') "
        "AND (? = '' OR EXISTS (SELECT 1 FROM package_tag t WHERE t.package = p.id AND t.tag = ?)) "
        "AND p.folded LIKE ? ESCAPE '\\' "
        "AND (? = 0 OR %1 %2 ? OR (%1 = ? AND p.id %2 ?)) ORDER BY %1 %3, p.id %3");
    return text.arg(order.column, descending ? QStringLiteral("<") : QStringLiteral(">"),
                    descending ? QStringLiteral("DESC") : QStringLiteral("ASC"));
}

bool matchesRest(const Package& package, const PackageQuery& query)
{
    const QString id = package.id.folded();
    const auto inId = [&](const QString& word) { return id.contains(word.toLower()); };
    const auto inTags = [&](const QString& tag) { return package.card.tags.contains(tag); };
    return std::all_of(query.search.begin(), query.search.end(), inId) &&
           std::all_of(query.tags.begin(), query.tags.end(), inTags);
}

QByteArray cursorAt(const Package& package, PackageQuery::Sort sort)
{
    switch (sort) {
    case PackageQuery::Sort::Modified:
        return Cursor::of(package.modifiedMs, package.rowId);
    case PackageQuery::Sort::Created:
        return Cursor::of(package.createdMs, package.rowId);
    case PackageQuery::Sort::Downloads:
        return Cursor::of(package.downloads, package.rowId);
    case PackageQuery::Sort::Id:
        return Cursor::of(package.id.folded(), package.rowId);
    }
    return {};
}

template <typename Key>
Result<void> runList(db::Query& statement, std::optional<qint64> repository, const PackageQuery& query,
                     const std::optional<Cursor>& cursor, const Key& key)
{
    const QString type = query.type ? packageTypeName(*query.type) : QString();
    const QString author = query.author.value_or(QString()).toLower();
    const QString pipeline = query.pipelineTag.value_or(QString());
    const int gated = query.gated ? int(*query.gated) : -1;
    const QString tag = query.tags.value(0);
    const qint64 inRepository = repository.value_or(0);
    return statement.run(inRepository, inRepository, type, type, author, author, pipeline, pipeline, gated,
                         gated, tag, tag, containing(query.search.value(0)), cursor ? 1 : 0, key, key,
                         cursor ? cursor->row : 0);
}

} // namespace

QString gatingName(Gating gating)
{
    switch (gating) {
    case Gating::Open:
        return QStringLiteral("open");
    case Gating::Automatic:
        return QStringLiteral("auto");
    case Gating::Manual:
        return QStringLiteral("manual");
    }
    return {};
}

Result<std::vector<Repository>> repositories(db::Transaction& transaction)
{
    auto rows = selectAll(transaction, u"SELECT " REPOSITORY_COLUMNS "FROM repository ORDER BY folded",
                          readRepository);
    if (!rows)
        return forward(rows);
    std::vector<Repository> repositories;
    for (auto& row : *rows) {
        if (!row)
            return forward(row);
        repositories.push_back(std::move(*row));
    }
    return repositories;
}

Result<Repository> repository(db::Transaction& transaction, const RepositoryKey& key)
{
    return oneRepository(transaction, u"SELECT " REPOSITORY_COLUMNS "FROM repository WHERE folded = ?",
                         key.text(), key.folded());
}

Result<Repository> repository(db::Transaction& transaction, qint64 row)
{
    return oneRepository(transaction, u"SELECT " REPOSITORY_COLUMNS "FROM repository WHERE id = ?",
                         QString::number(row), row);
}

Result<RepositoryTotals> totals(db::Transaction& transaction, qint64 repository)
{
    const auto sums = selectOne(
        transaction,
        u"SELECT count(*), coalesce(sum(file_count), 0), coalesce(sum(total_size), 0) FROM package WHERE "
        u"repository = ?",
        [](const db::Query& query) {
            return RepositoryTotals{query.integer(0), query.integer(1), query.integer(2)};
        },
        repository);
    if (!sums)
        return forward(sums);
    return sums->value_or(RepositoryTotals());
}

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

Result<Page<Package>> packages(db::Transaction& transaction, std::optional<qint64> repository,
                               const PackageQuery& query, const PackageFilter& visible)
{
    const auto cursor = Cursor::parse(query.cursor);
    if (!query.cursor.isEmpty() && !cursor)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("The cursor is not valid"));
    const Order order = orderOf(query.sort);
    db::Query statement = transaction.query(listSql(order, query.descending));
    const auto run = order.isText
                         ? runList(statement, repository, query, cursor, cursor ? cursor->key : QString())
                         : runList(statement, repository, query, cursor, cursor ? cursor->number() : 0);
    if (!run)
        return forward(run);
    Page<Package> page;
    while (statement.next()) {
        auto package = readPackage(statement);
        if (!package)
            return forward(package);
        if (!matchesRest(*package, query) || (visible && !visible(*package)))
            continue;
        if (int(page.items.size()) == query.limit) {
            if (!page.items.empty())
                page.nextCursor = cursorAt(page.items.back(), query.sort);
            break;
        }
        page.items.push_back(std::move(*package));
    }
    return page;
}

Result<void> forEachPackage(db::Transaction& transaction, qint64 repository, PackageType type,
                            const std::function<void(const Package&)>& visit)
{
    db::Query statement = transaction.query(
        u"SELECT p.id, p.repository, r.name, p.type, p.name, p.hub_id, p.is_private, "
        "p.gating, p.disabled, p.creator, p.created_ms, p.modified_ms, p.head, "
        "p.total_size, p.file_count, p.downloads, '', '', p.pipeline_tag, "
        "p.library_name " PACKAGE_TABLES "WHERE p.repository = ? AND p.type = ? ORDER BY p.folded");
    if (const auto run = statement.run(repository, packageTypeName(type)); !run)
        return run;
    while (statement.next()) {
        const auto package = readPackage(statement);
        if (!package)
            return forward(package);
        visit(*package);
    }
    return {};
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

Result<void> touchPackage(db::Transaction& transaction, qint64 row, qint64 nowMs)
{
    const auto done = execute(transaction, u"UPDATE package SET modified_ms = ? WHERE id = ?", nowMs, row);
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
