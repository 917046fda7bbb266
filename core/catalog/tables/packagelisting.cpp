// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/packagelisting.h"

#include "core/catalog/tables/cursor.h"
#include "core/catalog/tables/packagerow.h"

#include <algorithm>

namespace hublet::catalog::queries {

namespace {

/// Of all cards on a page; the card with which there are more ends it.
constexpr qsizetype PageCardChars = 2 * 1024 * 1024;

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
    qsizetype cards = 0;
    while (statement.next()) {
        auto package = readPackage(statement);
        if (!package)
            return forward(package);
        if (!matchesRest(*package, query) || (visible && !visible(*package)))
            continue;
        if (int(page.items.size()) == query.limit || cards > PageCardChars) {
            if (!page.items.empty())
                page.nextCursor = cursorAt(page.items.back(), query.sort);
            break;
        }
        cards += cardSize(statement);
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

} // namespace hublet::catalog::queries
