// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/storageusequeries.h"

#include <unordered_set>

namespace hublet::catalog::queries {

namespace {

/// Sums up runs of bytes that come in order, what several have in common once.
class RunSum {
public:
    void add(qint64 xorb, qint64 begin, qint64 bytes)
    {
        if (xorb != m_xorb) {
            m_xorb = xorb;
            m_end = 0;
        }
        const qint64 end = begin + bytes;
        if (end > m_end) {
            m_total += end - std::max(begin, m_end);
            m_end = end;
        }
    }
    [[nodiscard]] qint64 total() const { return m_total; }

private:
    qint64 m_xorb = -1;
    qint64 m_end = 0; ///< of the bytes counted so far
    qint64 m_total = 0;
};

/// Contents stored as segments, by row of their xet file.
struct Segmented {
    std::unordered_set<qint64> inside;
    std::unordered_set<qint64> outside;
};

Result<Segmented> addContents(db::Transaction& transaction, const StorageScope& scope, StorageUse& use)
{
    Segmented segmented;
    auto query = transaction.query(
        u"SELECT c.size, coalesce(c.xet_file, 0), "
        u"sum(CASE WHEN p.repository = ? AND (p.id = ? OR ? = 0) THEN 1 ELSE 0 END), count(*) "
        u"FROM package_content u JOIN package p ON p.id = u.package JOIN content c ON c.sha256 = u.sha256 "
        u"GROUP BY c.sha256, c.size, c.xet_file");
    const qint64 package = scope.package.value_or(0);
    if (const auto run = query.run(scope.repository, package, package); !run)
        return forward(run);
    while (query.next()) {
        const qint64 size = query.integer(0);
        const qint64 xetFile = query.integer(1);
        const qint64 inside = query.integer(2);
        const bool isOutside = query.integer(3) > inside;
        use.logical += size * inside;
        if (xetFile != 0) {
            if (inside > 0)
                segmented.inside.insert(xetFile);
            if (isOutside)
                segmented.outside.insert(xetFile);
        } else if (inside > 0) {
            use.stored += size;
            use.shared += isOutside ? size : 0;
        }
    }
    return segmented;
}

Result<void> addSegments(db::Transaction& transaction, const Segmented& segmented, StorageUse& use)
{
    auto query = transaction.query(
        u"SELECT xet_file, xorb, raw_start, raw_bytes FROM xet_term ORDER BY xorb, raw_start");
    if (const auto run = query.run(); !run)
        return forward(run);
    RunSum inside;
    RunSum outside;
    RunSum either;
    while (query.next()) {
        const qint64 file = query.integer(0);
        const bool isInside = segmented.inside.contains(file);
        const bool isOutside = segmented.outside.contains(file);
        const auto add = [&query](RunSum& sum) {
            sum.add(query.integer(1), query.integer(2), query.integer(3));
        };
        if (isInside)
            add(inside);
        if (isOutside)
            add(outside);
        if (isInside || isOutside)
            add(either);
    }
    use.stored += inside.total();
    use.shared += inside.total() + outside.total() - either.total();
    return {};
}

} // namespace

Result<StorageUse> storageUse(db::Transaction& transaction, const StorageScope& scope)
{
    StorageUse use;
    const auto segmented = addContents(transaction, scope, use);
    if (!segmented)
        return forward(segmented);
    if (segmented->inside.empty())
        return use;
    if (const auto added = addSegments(transaction, *segmented, use); !added)
        return forward(added);
    return use;
}

} // namespace hublet::catalog::queries
