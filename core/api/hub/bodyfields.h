// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>

#include <optional>

namespace hublet::api {

// Fields of a JSON request body. A field of another type than asked for is Malformed; null counts as absent.

/// Malformed when absent.
[[nodiscard]] Result<QString> textField(const QJsonObject& body, QStringView name);
[[nodiscard]] Result<std::optional<QString>> optionalTextField(const QJsonObject& body, QStringView name);
/// False when absent.
[[nodiscard]] Result<bool> flagField(const QJsonObject& body, QStringView name);
/// A whole number from 0 to 2^53. Malformed when absent.
[[nodiscard]] Result<qint64> countField(const QJsonObject& body, QStringView name);
/// The path of a file. Malformed when absent. Errors: InvalidPath.
[[nodiscard]] Result<RepoPath> pathField(const QJsonObject& body, QStringView name);
/// Empty when absent.
[[nodiscard]] Result<QJsonArray> arrayField(const QJsonObject& body, QStringView name);
/// An element of an array that must be an object.
[[nodiscard]] Result<QJsonObject> objectElement(const QJsonValue& value);

/// The name of a revision, branch or tag that came as the end of a path, in one segment or in several
/// ("refs/pr/1"). Errors: InvalidRevision (not UTF-8).
[[nodiscard]] Result<QString> revisionName(const QList<QByteArray>& segments);

} // namespace hublet::api
