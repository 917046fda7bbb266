// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/xet/chunkrecord.h"
#include "core/xet/shard.h"

#include <QByteArray>

#include <vector>

namespace hublet::api::cas {

/// Bytes as a Xet client sees them: cut into chunks and put into one xorb.
struct XetContent {
    /// Incompressible bytes, always the same for one seed.
    [[nodiscard]] static XetContent random(qsizetype size, quint32 seed);
    [[nodiscard]] static XetContent of(QByteArray bytes);

    QByteArray bytes;
    std::vector<xet::Chunk> chunks;
    XetHash xorb;
    XetHash file;

    [[nodiscard]] QByteArray sha256Hex() const;
    /// What a client POSTs for the xorb.
    [[nodiscard]] QByteArray xorbBody(xet::Scheme scheme = xet::Scheme::None) const;
    [[nodiscard]] xet::ShardXorb shardXorb() const { return {xorb, chunks}; }
    /// The file as one term that is the whole xorb.
    [[nodiscard]] xet::ShardFile shardFile() const;
    [[nodiscard]] QByteArray shard() const;
};

} // namespace hublet::api::cas
