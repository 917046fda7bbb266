// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/model/repository.h"

namespace hublet::catalog {

QString repositoryClassName(RepositoryClass rclass)
{
    switch (rclass) {
    case RepositoryClass::Local:
        return QStringLiteral("local");
    case RepositoryClass::Remote:
        return QStringLiteral("remote");
    case RepositoryClass::Virtual:
        return QStringLiteral("virtual");
    }
    return {};
}

std::optional<RepositoryClass> repositoryClassFromName(QStringView name)
{
    for (const auto rclass : {RepositoryClass::Local, RepositoryClass::Remote, RepositoryClass::Virtual}) {
        if (name == repositoryClassName(rclass))
            return rclass;
    }
    return std::nullopt;
}

QString layoutName(Layout layout)
{
    return layout == Layout::Legacy ? QStringLiteral("legacy") : QStringLiteral("machinelearning");
}

std::optional<Layout> layoutFromName(QStringView name)
{
    for (const auto layout : {Layout::Legacy, Layout::MachineLearning}) {
        if (name == layoutName(layout))
            return layout;
    }
    return std::nullopt;
}

tl::unexpected<Error> quotaExceeded()
{
    return fail(ErrorCode::QuotaExceeded,
                QStringLiteral("The repository's quota has no room for this upload"));
}

} // namespace hublet::catalog
