// SPDX-License-Identifier: Apache-2.0
// A model card: README.md with YAML front matter.
#include "core/catalog/formats/card.h"

#include <cstdint>
#include <cstdlib>

using namespace hublet;
using namespace hublet::catalog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArrayView readme(reinterpret_cast<const char*>(data), qsizetype(size));
    for (const PackageType type : {PackageType::Model, PackageType::Dataset}) {
        const Card card = Card::parse(type, readme);
        const bool hasFacts = !card.facts.data.isEmpty() || !card.facts.tags.isEmpty();
        if (hasFacts && (!card.hasFrontMatter || !card.errors.empty()))
            std::abort();
    }
    return 0;
}
