// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/xetswitch.h"

#include "core/catalog/model/repository.h"

namespace hublet::service {

bool servesXet(const catalog::Repository& repository)
{
    return repository.settings.xet && repository.rclass == catalog::RepositoryClass::Local;
}

store::StorageForm storageForm(const catalog::Repository& repository)
{
    return servesXet(repository) ? store::StorageForm::Segments : store::StorageForm::Whole;
}

} // namespace hublet::service
