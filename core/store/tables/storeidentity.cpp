// SPDX-License-Identifier: Apache-2.0
#include "core/store/tables/storeidentity.h"

#include "core/store/tables/identityqueries.h"

#include <QUuid>

namespace hublet::store {

Result<StoreIdentity> StoreIdentity::load(db::Database& database)
{
    auto stored = database.read(queries::findIdentity);
    if (!stored)
        return forward(stored);
    if (*stored)
        return std::move(**stored);
    const StoreIdentity made{QUuid::createUuid().toByteArray(QUuid::WithoutBraces), 1};
    const auto added =
        database.write([&](db::Transaction& transaction) { return queries::addIdentity(transaction, made); });
    if (!added)
        return forward(added);
    return made;
}

Result<StoreIdentity> StoreIdentity::startEpoch(db::Database& database)
{
    if (const auto known = load(database); !known)
        return known;
    const auto started = database.write(queries::startEpoch);
    return started ? load(database) : forward(started);
}

} // namespace hublet::store
