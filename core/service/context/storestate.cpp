// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/storestate.h"

#include "core/service/context/eventbus.h"
#include "core/service/context/servicecontext.h"
#include "core/store/contentstore.h"

namespace hublet::service {

void reportStoreState(const ServiceContext& context)
{
    if (!context.store.isReadOnly())
        return;
    const auto summary = context.store.summary();
    context.events.postStoreReadOnly(summary ? summary->readOnlyReason : summary.error().detail());
}

} // namespace hublet::service
