// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/jsonwriter.h"
#include "core/catalog/model/revision.h"
#include "core/http/response.h"
#include "core/service/packages/browse.h"

#include <QJsonObject>

#include <vector>

namespace hublet::api {

// The Hub's JSON forms of refs, commits and tree entries (hub-api 4). Packages: packagejson.h.

[[nodiscard]] http::Response jsonResponse(int status, const QJsonObject& object);

/// {"branches":[…],"converts":[…],"tags":[…]} and, when asked for, "pullRequests".
[[nodiscard]] QByteArray encodeRefs(const std::vector<catalog::Ref>& refs, bool withPullRequests);

/// An item of the list of commits; `formatted` adds title and message as HTML.
void writeCommit(JsonWriter& json, const catalog::Commit& commit, bool formatted);

/// An item of tree and paths-info; lastCommit and xetHash when they are there.
void writeTreeItem(JsonWriter& json, const service::Browse::TreeItem& item);

} // namespace hublet::api
