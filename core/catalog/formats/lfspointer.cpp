// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/lfspointer.h"

#include "core/base/hasher.h"

namespace hublet::catalog {

QByteArray LfsPointer::text() const
{
    return "version https://git-lfs.github.com/spec/v1\noid sha256:" + content.toHex() + "\nsize " +
           QByteArray::number(size) + '\n';
}

GitOid LfsPointer::oid() const
{
    return gitObjectOid("blob", text());
}

} // namespace hublet::catalog
