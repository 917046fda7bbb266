// SPDX-License-Identifier: Apache-2.0
#include "core/xet/merklenode.h"

#include "core/xet/keyedhash.h"

namespace hublet::xet {

MerkleNode parentOf(std::span<const MerkleNode> children)
{
    QByteArray text;
    quint64 bytes = 0;
    for (const MerkleNode& child : children) {
        text += child.hash.toText() + " : " + QByteArray::number(child.bytes) + '\n';
        bytes += child.bytes;
    }
    return {nodeHash(text), bytes};
}

} // namespace hublet::xet
