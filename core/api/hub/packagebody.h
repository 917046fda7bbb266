// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/base/result.h"
#include "core/catalog/model/package.h"

#include <QJsonObject>

#include <optional>

namespace hublet::api {

// Fields that bodies about packages share (hub-api 3.2). Nothing where the body does not say.

/// `type`: model when absent. InvalidArgument for what this server does not have (spaces, kernels, buckets).
[[nodiscard]] Result<PackageType> typeField(const QJsonObject& body);
/// `visibility` ("public"; "private" and "protected" are private here; InvalidArgument for anything else), or
/// the older `private`.
[[nodiscard]] Result<std::optional<bool>> privacyField(const QJsonObject& body);
/// `gated`: "auto", "manual" or false; InvalidArgument for anything else.
[[nodiscard]] Result<std::optional<catalog::Gating>> gatingField(const QJsonObject& body);

} // namespace hublet::api
