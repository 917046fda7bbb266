// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"

#include <optional>

namespace hublet::api {

/// huggingface_hub 0.30 to 0.35 asks before each upload whether the revision that it is going to upload to
/// has Xet on, and gives up on a 404. Where an upload creates the package and revision that it names
/// (DECISIONS 2), a caller who may upload gets an answer before they exist. Nothing for every other question
/// than
/// `?expand=xetEnabled`, for other callers and repositories, and for other errors than that they do not
/// exist.
[[nodiscard]] std::optional<http::Response> answerUploadProbe(const PackageCall& call, const Error& error);

} // namespace hublet::api
