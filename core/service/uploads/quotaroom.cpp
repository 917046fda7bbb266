// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/quotaroom.h"

#include "core/catalog/reading/catalog.h"
#include "core/service/context/servicecontext.h"

namespace hublet::service {

Result<QuotaRoom> QuotaRoom::of(const ServiceContext& context, const catalog::Repository& repository)
{
    QuotaRoom room;
    if (repository.settings.quotaBytes <= 0)
        return room;
    const auto held = context.catalog.heldBytes(repository.id);
    if (!held)
        return forward(held);
    room.m_bytes = repository.settings.quotaBytes - *held;
    return room;
}

Result<void> QuotaRoom::check(qint64 bytes) const
{
    if (bytes <= m_bytes)
        return {};
    return catalog::quotaExceeded();
}

} // namespace hublet::service
