// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/clientversion.h"

#include <charconv>

namespace hublet::api {

std::optional<HubClientVersion> hubClientVersion(QByteArrayView userAgent)
{
    constexpr QByteArrayView Product = "hf_hub/";
    const qsizetype at = userAgent.indexOf(Product);
    if (at < 0)
        return std::nullopt;
    const QByteArrayView text = userAgent.sliced(at + Product.size());
    HubClientVersion version;
    const auto major = std::from_chars(text.begin(), text.end(), version.major);
    if (major.ec != std::errc() || major.ptr == text.end() || *major.ptr != '.')
        return std::nullopt;
    const auto minor = std::from_chars(major.ptr + 1, text.end(), version.minor);
    if (minor.ec != std::errc())
        return std::nullopt;
    return version;
}

} // namespace hublet::api
