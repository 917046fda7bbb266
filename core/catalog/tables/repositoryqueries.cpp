// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/repositoryqueries.h"

#include "core/db/statements.h"

namespace hublet::catalog::queries {

namespace {

#define REPOSITORY_COLUMNS                                                                                   \
    "id, name, class, layout, description, xet, create_on_deploy, strict_revision_names, quota_bytes, "      \
    "created_ms "

Result<Repository> readRepository(const db::Query& query)
{
    const auto key = RepositoryKey::parse(query.text(1));
    const auto rclass = repositoryClassFromName(query.text(2));
    const auto layout = layoutFromName(query.text(3));
    if (!key || !rclass || !layout)
        return fail(ErrorCode::Corrupt, QStringLiteral("Repository %1 cannot be read").arg(query.integer(0)));
    RepositorySettings settings;
    settings.description = query.text(4);
    settings.xet = query.flag(5);
    settings.createOnDeploy = query.flag(6);
    settings.strictRevisionNames = query.flag(7);
    settings.quotaBytes = query.integer(8);
    return Repository{query.integer(0), *key, *rclass, *layout, settings, query.integer(9)};
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

} // namespace

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

} // namespace hublet::catalog::queries
