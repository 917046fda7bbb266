// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/packagebody.h"

#include "core/api/hub/bodyfields.h"

namespace hublet::api {

Result<PackageType> typeField(const QJsonObject& body)
{
    const auto name = optionalTextField(body, u"type");
    if (!name)
        return forward(name);
    const auto type = packageTypeFromName(name->value_or(QStringLiteral("model")));
    if (!type)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("\"type\" must be one of [\"model\", \"dataset\"]"));
    return *type;
}

Result<std::optional<bool>> privacyField(const QJsonObject& body)
{
    const auto visibility = optionalTextField(body, u"visibility");
    if (!visibility)
        return forward(visibility);
    if (*visibility) {
        if (**visibility == u"public")
            return std::optional(false);
        if (**visibility == u"private" || **visibility == u"protected")
            return std::optional(true);
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("\"visibility\" must be one of [\"public\", \"private\", \"protected\"]"));
    }
    if (body.value(u"private").isUndefined() || body.value(u"private").isNull())
        return std::optional<bool>();
    const auto isPrivate = flagField(body, u"private");
    if (!isPrivate)
        return forward(isPrivate);
    return std::optional(*isPrivate);
}

Result<std::optional<catalog::Gating>> gatingField(const QJsonObject& body)
{
    const QJsonValue gated = body.value(u"gated");
    if (gated.isUndefined() || gated.isNull())
        return std::optional<catalog::Gating>();
    if (gated == QJsonValue(false))
        return std::optional(catalog::Gating::Open);
    if (gated == QJsonValue(QStringLiteral("auto")))
        return std::optional(catalog::Gating::Automatic);
    if (gated == QJsonValue(QStringLiteral("manual")))
        return std::optional(catalog::Gating::Manual);
    return fail(ErrorCode::InvalidArgument,
                QStringLiteral("\"gated\" must be one of [\"auto\", \"manual\", false]"));
}

} // namespace hublet::api
