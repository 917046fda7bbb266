// SPDX-License-Identifier: Apache-2.0
// Uploaded shards. What can be read must read the same once it is written again.
#include "core/xet/shardreader.h"
#include "core/xet/shardwriter.h"
#include "core/xet/xetlimits.h"

#include <cstdint>
#include <cstdlib>

namespace {

using namespace hublet::xet;

struct Contents {
    std::vector<ShardFile> files;
    std::vector<ShardXorb> xorbs;
    bool operator==(const Contents&) const = default;
};

Contents contentsOf(ShardReader reader)
{
    Contents contents;
    while (auto file = reader.nextFile())
        contents.files.push_back(std::move(*file));
    while (auto xorb = reader.nextXorb())
        contents.xorbs.push_back(std::move(*xorb));
    if (contents.files.size() != reader.fileCount() || contents.xorbs.size() != reader.xorbCount())
        std::abort();
    return contents;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto reader =
        ShardReader::open(QByteArrayView(reinterpret_cast<const char*>(data), qsizetype(size)));
    if (!reader)
        return 0;
    const Contents contents = contentsOf(*reader);
    for (const ShardFile& file : contents.files) {
        if (!file.rangeHashes.empty() && file.rangeHashes.size() != file.terms.size())
            std::abort();
        for (const Term& term : file.terms) {
            if (term.chunkStart >= term.chunkEnd || term.chunkEnd > MaxXorbChunks || term.bytes == 0)
                std::abort();
        }
    }
    const QByteArray written = writeUploadShard(contents.files, contents.xorbs);
    const auto again = ShardReader::open(written);
    if (!again || !(contentsOf(*again) == contents))
        std::abort();
    return 0;
}
