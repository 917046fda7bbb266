// SPDX-License-Identifier: Apache-2.0
#include "core/service/upkeep/bundlemanifest.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace hublet::service {

namespace {

constexpr QLatin1StringView Format("format");
constexpr QLatin1StringView FormatName("hublet-bundle");
constexpr QLatin1StringView VersionKey("version");
constexpr QLatin1StringView CreatedMs("createdMs");
constexpr QLatin1StringView Program("program");

} // namespace

QByteArray BundleManifest::toJson() const
{
    QJsonObject json;
    json.insert(Format, FormatName);
    json.insert(VersionKey, Version);
    json.insert(CreatedMs, createdMs);
    json.insert(Program, QStringLiteral("hublet " HUBLET_VERSION));
    return QJsonDocument(json).toJson();
}

Result<BundleManifest> BundleManifest::fromJson(const QByteArray& json)
{
    const QJsonObject object = QJsonDocument::fromJson(json).object();
    const int version = object.value(VersionKey).toInt();
    if (object.value(Format).toString() != FormatName || version < 1)
        return fail(ErrorCode::Corrupt, QStringLiteral("This file is not a Hublet bundle"));
    if (version > Version)
        return fail(ErrorCode::Unsupported, QStringLiteral("The bundle was made by a newer Hublet"));
    return BundleManifest{object.value(CreatedMs).toInteger()};
}

} // namespace hublet::service
