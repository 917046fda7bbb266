// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"

#include <optional>

namespace hublet::api {

/// Would an upload create the package of this request, which does not exist (DECISIONS 2)? It has a name that
/// a new one may have, and it is not the old name of another. Reads the database.
[[nodiscard]] bool mayComeToBe(const PackageCall& call);

/// huggingface_hub 0.30 to 0.35 asks before each upload whether the revision that it is going to upload to
/// has Xet on, and gives up on a 404. Where an upload creates the package and revision that it names
/// (DECISIONS 2), a caller who may upload gets an answer before they exist. Nothing for every other client
/// and question than `?expand=xetEnabled`, for other callers and repositories, for names that no upload would
/// create, and for other errors than that they do not exist.
[[nodiscard]] std::optional<http::Response> answerUploadProbe(const PackageCall& call, const Error& error,
                                                              const QString& revision);

} // namespace hublet::api
