// SPDX-License-Identifier: Apache-2.0
#include "core/store/tables/identityqueries.h"

#include "core/store/tables/queryhelpers.h"

namespace hublet::store::queries {

Result<std::optional<StoreIdentity>> findIdentity(db::Transaction& transaction)
{
    db::Query query = transaction.query(u"SELECT uuid, epoch FROM store_identity");
    if (const auto run = query.run(); !run)
        return forward(run);
    if (!query.next())
        return std::nullopt;
    return StoreIdentity{query.text(0).toLatin1(), query.integer(1)};
}

Result<void> addIdentity(db::Transaction& transaction, const StoreIdentity& identity)
{
    return execute(transaction, u"INSERT INTO store_identity (uuid, epoch) VALUES (?, ?)",
                   QString::fromLatin1(identity.uuid), identity.epoch);
}

Result<void> startEpoch(db::Transaction& transaction)
{
    return execute(transaction, u"UPDATE store_identity SET epoch = epoch + 1");
}

} // namespace hublet::store::queries
