// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/repositorywriter.h"

#include "core/catalog/reading/catalog.h"
#include "core/catalog/tables/repositoryqueries.h"
#include "core/db/statements.h"

namespace hublet::catalog {

RepositoryWriter::RepositoryWriter(Catalog& catalog, const Clock& clock) : m_catalog(catalog), m_clock(clock)
{
}

Result<Repository> RepositoryWriter::create(const RepositoryKey& key, RepositoryClass rclass, Layout layout,
                                            const RepositorySettings& settings)
{
    if (const auto valid = checkDescription(settings.description); !valid)
        return forward(valid);
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Repository> {
        const auto known = queries::repository(transaction, key);
        if (known)
            return fail(ErrorCode::AlreadyExists,
                        QStringLiteral("Repository '%1' already exists").arg(key.text()));
        if (known.error().code() != ErrorCode::RepositoryNotFound)
            return known;
        const auto row = transaction.insert(
            u"INSERT INTO repository (name, folded, class, layout, description, xet, create_on_deploy, "
            "strict_revision_names, quota_bytes, created_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING "
            "id",
            key.text(), key.folded(), repositoryClassName(rclass), layoutName(layout), settings.description,
            settings.xet, settings.createOnDeploy, settings.strictRevisionNames, settings.quotaBytes,
            m_clock.nowMs());
        if (!row)
            return forward(row);
        return queries::repository(transaction, *row);
    });
}

Result<Repository> RepositoryWriter::change(qint64 repository, const RepositorySettings& settings)
{
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Repository> {
        const auto before = queries::repository(transaction, repository);
        if (!before)
            return before;
        // One that was taken when there was no rule yet does not stand in the way of other settings.
        if (settings.description != before->settings.description) {
            if (const auto valid = checkDescription(settings.description); !valid)
                return forward(valid);
        }
        const auto changed = execute(transaction,
                                     u"UPDATE repository SET description = ?, xet = ?, create_on_deploy = ?, "
                                     "strict_revision_names = ?, quota_bytes = ? WHERE id = ?",
                                     settings.description, settings.xet, settings.createOnDeploy,
                                     settings.strictRevisionNames, settings.quotaBytes, repository);
        if (!changed)
            return forward(changed);
        return queries::repository(transaction, repository);
    });
}

Result<void> RepositoryWriter::remove(qint64 repository, bool withPackages)
{
    return m_catalog.write([&](db::Transaction& transaction) -> Result<void> {
        const auto found = queries::repository(transaction, repository);
        if (!found)
            return forward(found);
        const auto totals = queries::totals(transaction, repository);
        if (!totals)
            return forward(totals);
        if (totals->packages > 0 && !withPackages) {
            return fail(ErrorCode::Conflict, QStringLiteral("Repository '%1' still holds %2 packages")
                                                 .arg(found->key.text())
                                                 .arg(totals->packages));
        }
        m_catalog.heldTotals().forget(repository);
        for (const QStringView sql :
             {u"DELETE FROM package_content WHERE package IN (SELECT id FROM package WHERE repository = ?)",
              u"DELETE FROM package WHERE repository = ?", u"DELETE FROM repository WHERE id = ?"}) {
            if (const auto done = execute(transaction, sql, repository); !done)
                return forward(done);
        }
        return {};
    });
}

} // namespace hublet::catalog
