// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/contentusequeries.h"

#include "core/db/statements.h"

#include <algorithm>

namespace hublet::catalog::queries {

namespace {

qint64 firstInteger(const db::Query& query)
{
    return query.integer(0);
}

/// What follows SELECT; takes the repository's row.
QString inOtherForm(bool asSegments)
{
    // What another repository with Xet on uses stays as segments, whatever this one's switch says.
    const QString isWanted =
        asSegments ? QString()
                   : QStringLiteral("AND NOT EXISTS (SELECT 1 FROM package_content ou "
                                    "JOIN package op ON op.id = ou.package "
                                    "JOIN repository r ON r.id = op.repository "
                                    "WHERE ou.sha256 = c.sha256 AND r.xet = 1 AND r.id <> p.repository)");
    const QString form =
        asSegments ? QStringLiteral("c.xet_file IS NULL") : QStringLiteral("c.xet_file IS NOT NULL");
    return QStringLiteral(
               "FROM content c WHERE c.size > 0 AND %1 AND EXISTS (SELECT 1 FROM package_content u "
               "JOIN package p ON p.id = u.package "
               "WHERE u.sha256 = c.sha256 AND p.repository = ? %2)")
        .arg(form, isWanted);
}

} // namespace

Result<void> addContentUse(db::Transaction& transaction, qint64 package, const Sha256& content, qint64 nowMs)
{
    return execute(transaction,
                   u"INSERT INTO package_content (sha256, package, added_ms) VALUES (?, ?, ?) "
                   "ON CONFLICT (sha256, package) DO NOTHING",
                   content, package, nowMs);
}

Result<std::optional<qint64>> contentAddedMs(db::Transaction& transaction, qint64 package,
                                             const Sha256& content)
{
    return selectOne(transaction, u"SELECT added_ms FROM package_content WHERE sha256 = ? AND package = ?",
                     firstInteger, content, package);
}

Result<qint64> heldBytes(db::Transaction& transaction, qint64 repository)
{
    const auto sum = selectOne(
        transaction,
        u"SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM content WHERE sha256 IN "
        u"(SELECT u.sha256 FROM package p JOIN package_content u ON u.package = p.id WHERE p.repository = ?)",
        firstInteger, repository);
    if (!sum)
        return forward(sum);
    return sum->value_or(0);
}

Result<bool> isHeld(db::Transaction& transaction, qint64 repository, const Sha256& content)
{
    const auto use = selectOne(transaction,
                               u"SELECT u.package FROM package_content u JOIN package p ON p.id = u.package "
                               "WHERE u.sha256 = ? AND p.repository = ? LIMIT 1",
                               firstInteger, content, repository);
    if (!use)
        return forward(use);
    return use->has_value();
}

Result<std::vector<qint64>> packagesUsing(db::Transaction& transaction, const Sha256& content)
{
    return selectAll(transaction, u"SELECT package FROM package_content WHERE sha256 = ? ORDER BY package",
                     firstInteger, content);
}

Result<OtherForm> countInOtherForm(db::Transaction& transaction, qint64 repository, bool asSegments)
{
    const auto sums = selectOne(
        transaction, QStringLiteral("SELECT count(*), coalesce(sum(c.size), 0) ") + inOtherForm(asSegments),
        [](const db::Query& query) {
            return OtherForm{query.integer(0), query.integer(1)};
        },
        repository);
    if (!sums)
        return forward(sums);
    return sums->value_or(OtherForm());
}

Result<std::vector<Sha256>> listInOtherForm(db::Transaction& transaction, qint64 repository, bool asSegments,
                                            const Sha256& after, int limit)
{
    return selectAll(
        transaction,
        QStringLiteral("SELECT c.sha256 ") + inOtherForm(asSegments) +
            QStringLiteral(" AND c.sha256 > ? ORDER BY c.sha256 LIMIT ?"),
        [](const db::Query& query) { return query.digest<Sha256>(0); }, repository, after, limit);
}

Result<void> setClaim(db::Transaction& transaction, const Claimant& claimant, const Sha256& content,
                      qint64 expiresMs)
{
    return execute(transaction,
                   u"INSERT INTO upload_claim (sha256, user_id, repository, expires_ms) VALUES (?, ?, ?, ?) "
                   "ON CONFLICT (sha256, user_id, repository) DO UPDATE SET expires_ms = excluded.expires_ms",
                   content, claimant.userId, claimant.repository.value_or(QStringLiteral("")), expiresMs);
}

Result<bool> hasClaim(db::Transaction& transaction, const Claimant& claimant, const Sha256& content,
                      qint64 nowMs)
{
    const auto repositories = selectAll(
        transaction,
        u"SELECT repository FROM upload_claim WHERE sha256 = ? AND user_id = ? AND expires_ms > ?",
        [](const db::Query& query) { return query.text(0); }, content, claimant.userId, nowMs);
    if (!repositories)
        return forward(repositories);
    return std::any_of(repositories->begin(), repositories->end(), [&](const QString& repository) {
        return !claimant.repository || *claimant.repository == repository;
    });
}

Result<void> dropClaims(db::Transaction& transaction, qint64 expiredBeforeMs)
{
    return execute(transaction, u"DELETE FROM upload_claim WHERE expires_ms <= ?", expiredBeforeMs);
}

Result<void> forEachLiveContent(db::Transaction& transaction, qint64 nowMs,
                                const std::function<void(const Sha256&)>& live)
{
    db::Query used = transaction.query(u"SELECT sha256 FROM package_content");
    if (const auto run = used.run(); !run)
        return run;
    while (used.next())
        live(used.digest<Sha256>(0));
    db::Query claimed = transaction.query(u"SELECT sha256 FROM upload_claim WHERE expires_ms > ?");
    if (const auto run = claimed.run(nowMs); !run)
        return run;
    while (claimed.next())
        live(claimed.digest<Sha256>(0));
    return {};
}

Result<void> saveText(db::Transaction& transaction, const Sha256& content, const QByteArray& text)
{
    return execute(transaction,
                   u"INSERT INTO small_text (sha256, body) VALUES (?, ?) ON CONFLICT (sha256) DO NOTHING",
                   content, text);
}

Result<std::optional<QByteArray>> loadText(db::Transaction& transaction, const Sha256& content)
{
    return selectOne(
        transaction, u"SELECT body FROM small_text WHERE sha256 = ?",
        [](const db::Query& query) { return query.bytes(0); }, content);
}

} // namespace hublet::catalog::queries
