// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/xetupload.h"

#include "core/store/xetstore.h"
#include "core/xet/shardwriter.h"

namespace hublet::crash {

XetUpload::XetUpload(quint32 seed, int cycle)
    : kept(keptBytes(seed, cycle)), dying(bytesOf(seed, cycle, DyingPart))
{
    xorb.add(kept);
    xorb.add(dying);
    unused.add(test::CutFile(bytesOf(seed, cycle, UnusedPart)));
}

QByteArray XetUpload::shard() const
{
    const std::vector files{xorb.claim(kept), xorb.claim(dying, quint32(kept.chunks.size()))};
    return xet::writeUploadShard(files, std::vector{xorb.entry()});
}

Result<void> post(store::ContentStore& store, const test::ClientXorb& xorb)
{
    auto upload = store.xet().putXorb(xorb.hash());
    if (!upload)
        return forward(upload);
    if (const auto added = upload->append(xorb.body); !added)
        return added;
    const auto finished = upload->finish();
    return finished ? Result<void>() : forward(finished);
}

Result<void> registerFiles(World& world, const XetUpload& upload, qint64 user)
{
    catalog::ClaimWriter claims(world.catalog, world.clock);
    const auto outcome = world.store->xet().registerShard(
        upload.shard(),
        [&](db::Transaction& transaction, const std::vector<store::RegisteredFile>& files) {
            return claims.claimIn(transaction, {user}, files.front().sha256);
        },
        {}, CancelToken());
    return outcome ? Result<void>() : forward(outcome);
}

} // namespace hublet::crash
