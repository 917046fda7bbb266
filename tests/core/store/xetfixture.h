// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/store/xetstore.h"
#include "core/xet/shardwriter.h"
#include "tests/core/store/storefixture.h"
#include "tests/support/xetclient.h"

namespace hublet::test {

/// A store with what a Xet client does to it.
class XetFixture : public StoreFixture {
public:
    using StoreFixture::StoreFixture;

    [[nodiscard]] store::XetStore& xet() const { return store->xet(); }

    [[nodiscard]] Result<bool> post(const ClientXorb& xorb) const { return post(xorb.hash(), xorb.body); }
    [[nodiscard]] Result<bool> post(const XetHash& announced, const QByteArray& body) const
    {
        auto upload = xet().putXorb(announced);
        if (!upload)
            return forward(upload);
        constexpr qsizetype Piece = 70'001;
        for (qsizetype at = 0; at < body.size(); at += Piece) {
            const auto added = upload->append(QByteArrayView(body).sliced(at, qMin(Piece, body.size() - at)));
            if (!added)
                return forward(added);
        }
        return upload->finish();
    }
    [[nodiscard]] Result<store::ShardOutcome> registerShard(const std::vector<xet::ShardFile>& files,
                                                            const std::vector<xet::ShardXorb>& xorbs = {},
                                                            const ProgressFunction& progress = {}) const
    {
        return xet().registerShard(xet::writeUploadShard(files, xorbs), {}, progress, CancelToken());
    }
    /// Uploads a file the way a client does: one xorb, one shard.
    [[nodiscard]] Result<store::ShardOutcome> upload(const CutFile& file) const
    {
        const ClientXorb xorb(file);
        if (const auto posted = post(xorb); !posted)
            return forward(posted);
        return registerShard({xorb.claim(file)}, {xorb.entry()});
    }

    [[nodiscard]] static QByteArray read(const std::vector<Extent>& extents)
    {
        QByteArray bytes;
        for (const Extent& extent : extents)
            bytes += store::readAt(extent.file->get(), extent.offset, extent.length).value();
        return bytes;
    }
    [[nodiscard]] static QString xorbPath(const XetHash& hash)
    {
        return QString::fromLatin1(
            store::StoredFile{0, store::FileKind::Xorb, store::fileNameOf(hash), 0}.path());
    }
};

} // namespace hublet::test
