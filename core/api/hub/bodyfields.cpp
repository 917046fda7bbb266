// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/bodyfields.h"

namespace hublet::api {
namespace {

constexpr qint64 MaxExactInteger =
    qint64(1) << 53; ///< above it JSON numbers lose digits on their way through other programs

tl::unexpected<Error> malformed(QStringView name, const char* expected)
{
    return fail(ErrorCode::Malformed,
                QStringLiteral("\"%1\" must be %2").arg(name, QString::fromLatin1(expected)));
}

bool isAbsent(const QJsonValue& value)
{
    return value.isUndefined() || value.isNull();
}

} // namespace

Result<QString> textField(const QJsonObject& body, QStringView name)
{
    const QJsonValue value = body.value(name);
    if (!value.isString())
        return malformed(name, "a string");
    return value.toString();
}

Result<std::optional<QString>> optionalTextField(const QJsonObject& body, QStringView name)
{
    const QJsonValue value = body.value(name);
    if (isAbsent(value))
        return std::nullopt;
    if (!value.isString())
        return malformed(name, "a string");
    return value.toString();
}

Result<bool> flagField(const QJsonObject& body, QStringView name)
{
    const QJsonValue value = body.value(name);
    if (isAbsent(value))
        return false;
    if (!value.isBool())
        return malformed(name, "true or false");
    return value.toBool();
}

Result<qint64> countField(const QJsonObject& body, QStringView name)
{
    const qint64 count = body.value(name).toInteger(-1);
    if (count < 0 || count > MaxExactInteger)
        return malformed(name, "a whole number");
    return count;
}

Result<RepoPath> pathField(const QJsonObject& body, QStringView name)
{
    const auto text = textField(body, name);
    if (!text)
        return forward(text);
    return RepoPath::parse(text->toUtf8());
}

Result<QJsonArray> arrayField(const QJsonObject& body, QStringView name)
{
    const QJsonValue value = body.value(name);
    if (isAbsent(value))
        return QJsonArray();
    if (!value.isArray())
        return malformed(name, "a list");
    return value.toArray();
}

Result<QJsonObject> objectElement(const QJsonValue& value)
{
    if (!value.isObject())
        return fail(ErrorCode::Malformed, QStringLiteral("An element of a list must be an object"));
    return value.toObject();
}

Result<QString> revisionName(const QList<QByteArray>& segments)
{
    const QByteArray name = segments.join('/');
    if (!QByteArrayView(name).isValidUtf8())
        return fail(ErrorCode::InvalidRevision, QStringLiteral("The revision is not UTF-8"));
    return QString::fromUtf8(name);
}

} // namespace hublet::api
