// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>

#include <compare>
#include <optional>

namespace hublet::api {

/// Version of Python's huggingface_hub: what its User-Agent says in "hf_hub/1.29.0".
struct HubClientVersion {
    int major = 0;
    int minor = 0;
    auto operator<=>(const HubClientVersion&) const = default;
};

/// Canonical model URLs under a path prefix are misread before this one (hub-api 1.4).
inline constexpr HubClientVersion kReadsPrefixedUrls{1, 2};
/// From the first of these on, up to but without the second, the client asks for `xetEnabled` before each
/// upload and gives up on a 404 (hub-api 11.3).
inline constexpr HubClientVersion kProbesXet{0, 30};
inline constexpr HubClientVersion kProbesXetNoMore{0, 36};
/// From this one on files announced as LFS go to a Xet CAS without asking, when the package hf_xet is
/// installed. The User-Agent does not tell whether it is, so every one of these counts as insisting
/// (hub-api 11.3, 11.4).
inline constexpr HubClientVersion kInsistsOnXet{1, 20};

/// Nothing for every other client.
[[nodiscard]] std::optional<HubClientVersion> hubClientVersion(QByteArrayView userAgent);

} // namespace hublet::api
