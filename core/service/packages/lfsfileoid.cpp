// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/lfsfileoid.h"

#include "core/base/hasher.h"

namespace hublet::service {

QByteArray lfsFileOid(const Sha256& content, const RepoPath& path)
{
    Sha1Hasher hasher;
    hasher.add(content.toBytes());
    hasher.add(path.bytes());
    return hasher.finish().toHex();
}

} // namespace hublet::service
