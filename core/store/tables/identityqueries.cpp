// SPDX-License-Identifier: Apache-2.0
#include "core/store/tables/identityqueries.h"

#include "core/db/statements.h"

namespace hublet::store::queries {

Result<std::optional<StoreIdentity>> findIdentity(db::Transaction& transaction)
{
    return selectOne(transaction, u"SELECT uuid, epoch FROM store_identity", [](const db::Query& query) {
        return StoreIdentity{query.text(0).toLatin1(), query.integer(1)};
    });
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
