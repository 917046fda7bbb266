// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"
#include "core/base/digest.h"

namespace hublet::api {

/// Does this client misread canonical model URLs under a path prefix (huggingface_hub before 1.2;
/// hub-api 1.4)? Then URLs of models take the /models/ form and preupload leaves out `oid` for models.
[[nodiscard]] bool needsModelsPrefix(const Call& call);

/// "E/acme/bert-tiny", "E/datasets/acme/squad", or "E/models/acme/bert-tiny" for the clients above; E is
/// Call::endpoint().
[[nodiscard]] QByteArray repoUrl(const Call& call, const PackageId& id);
/// repoUrl + "/commit/<oid>"
[[nodiscard]] QByteArray commitUrl(const Call& call, const PackageId& id, const GitOid& commit);
/// repoUrl + "/discussions/<number>"
[[nodiscard]] QByteArray discussionUrl(const Call& call, const PackageId& id, int number);

/// This request's absolute URL with `cursor` put in the place of the former one: the value of a Link header
/// with rel="next" (hub-api 2.6). Commas are percent-encoded.
[[nodiscard]] QByteArray nextPageLink(const Call& call, QByteArrayView cursor);

} // namespace hublet::api
