// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/packagecursor.h"

#include "core/catalog/tables/packagelisting.h"

namespace hublet::service {

QByteArray packageCursor(const catalog::Package& package, catalog::PackageQuery::Sort sort)
{
    return catalog::queries::cursorAt(package, sort);
}

} // namespace hublet::service
