// SPDX-License-Identifier: Apache-2.0
// Bodies of LFS batch and completion requests.
#include "core/api/gate/jsonbody.h"
#include "core/api/hub/lfsbatch.h"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace hublet::api;
    const auto body = parseJsonObject(QByteArray(reinterpret_cast<const char*>(data), qsizetype(size)));
    if (!body)
        return 0;
    if (const auto batch = LfsBatchRequest::parse(*body)) {
        for (const LfsBatchRequest::Object& object : batch->objects) {
            const LfsParts parts = LfsParts::cut(object.size, 1);
            const bool covers = parts.count * parts.partBytes >= object.size &&
                                (parts.count == 0 || (parts.count - 1) * parts.partBytes < object.size);
            if (object.size < 0 || parts.count > LfsParts::MaxParts || !covers)
                std::abort();
        }
    }
    if (const auto parts = parseLfsCompletion(*body, {})) {
        for (const auto& part : *parts) {
            if (part.number < 1 || part.number > LfsParts::MaxParts)
                std::abort();
        }
    }
    return 0;
}
