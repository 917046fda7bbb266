// SPDX-License-Identifier: Apache-2.0
#include "core/access/directoryrules.h"

#include "core/access/antpattern.h"
#include "core/base/names.h"

#include <algorithm>

namespace hublet::access {

namespace {

constexpr qsizetype MaxNameLength = 64;
constexpr qsizetype MaxPermissionLines = 1000; ///< repositories or patterns of one permission

bool isLetterOrDigit(QChar c)
{
    return (c >= u'0' && c <= u'9') || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}

bool isNameCharacter(QChar c)
{
    return isLetterOrDigit(c) || c == u'.' || c == u'_' || c == u'-' || c == u'@';
}

/// "models/acme/bert": what rights are asked for.
constexpr qsizetype PackagePathSegments = 3;

Result<void> checkPatterns(const QStringList& texts)
{
    for (const QString& text : texts) {
        const auto pattern = AntPattern::parse(text);
        if (!pattern)
            return forward(pattern);
        if (!pattern->isWholeBelow(PackagePathSegments)) {
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("The path pattern '%1' would divide packages, but permissions are for "
                                       "whole ones: write it like models/acme/bert/** or */*/bert-*/**")
                            .arg(text));
        }
    }
    return {};
}

} // namespace

tl::unexpected<Error> notFound(const QString& kind, const QString& name)
{
    return fail(ErrorCode::NotFound, QStringLiteral("There is no %1 '%2'").arg(kind, name));
}

tl::unexpected<Error> noUser(const QString& name)
{
    return notFound(QStringLiteral("user"), name);
}
tl::unexpected<Error> noGroup(const QString& name)
{
    return notFound(QStringLiteral("group"), name);
}

Result<void> checkAccountName(const QString& name)
{
    if (name.isEmpty() || name.size() > MaxNameLength) {
        return fail(ErrorCode::InvalidName,
                    QStringLiteral("A user or group name must have 1 to %1 characters").arg(MaxNameLength));
    }
    if (!isLetterOrDigit(name.front()) || !std::all_of(name.begin(), name.end(), isNameCharacter)) {
        return fail(ErrorCode::InvalidName,
                    QStringLiteral("A user or group name must start with a letter or digit and "
                                   "consist of letters, digits and . _ - @"));
    }
    for (const QString& reserved : {Principal().name, Principal::owner().name}) {
        if (name.compare(reserved, Qt::CaseInsensitive) == 0)
            return fail(ErrorCode::InvalidName, QStringLiteral("The name '%1' is reserved").arg(reserved));
    }
    return {};
}

Result<void> checkNameIsFree(const Snapshot& snapshot, const QString& name)
{
    if (snapshot.user(name))
        return fail(ErrorCode::AlreadyExists, QStringLiteral("There is a user '%1' already").arg(name));
    if (snapshot.group(name))
        return fail(ErrorCode::AlreadyExists, QStringLiteral("There is a group '%1' already").arg(name));
    return {};
}

Result<void> checkLabels(const QString& fullName, const QString& email)
{
    if (isLabel(fullName) && isLabel(email))
        return {};
    return fail(
        ErrorCode::InvalidArgument,
        QStringLiteral("The full name or e-mail address is too long or contains a control character"));
}

Result<void> checkNewToken(const NewToken& request)
{
    if (request.name.isEmpty() || !isLabel(request.name)) {
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("A token needs a name of 1 to %1 characters").arg(MaxLabelLength));
    }
    if (request.lifetimeMs &&
        (*request.lifetimeMs <= 0 || *request.lifetimeMs > Directory::MaxTokenLifetimeMs)) {
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("The lifetime of a token must be above zero and at most 100 years"));
    }
    return {};
}

Result<void> checkPermission(const Permission& permission)
{
    if (permission.name.isEmpty() || !isLabel(permission.name) || permission.name.contains(u'/')) {
        return fail(ErrorCode::InvalidName,
                    QStringLiteral("A permission needs a name of 1 to %1 characters without '/'")
                        .arg(MaxLabelLength));
    }
    for (const QStringList& lines : {permission.repositories, permission.includes, permission.excludes}) {
        if (lines.size() > MaxPermissionLines) {
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("A permission takes at most %1 repositories or patterns")
                            .arg(MaxPermissionLines));
        }
    }
    for (const QStringList& patterns : {permission.includes, permission.excludes}) {
        if (const auto valid = checkPatterns(patterns); !valid)
            return valid;
    }
    return PermissionMatcher::make(permission).map([](const auto&) {});
}

Result<QList<GrantRow>> userGrants(const Snapshot& snapshot, const Permission& permission)
{
    QList<GrantRow> rows;
    for (auto grant = permission.users.begin(); grant != permission.users.end(); ++grant) {
        const auto* entry = snapshot.user(grant.key());
        if (!entry)
            return noUser(grant.key());
        if (!grant.value().isEmpty())
            rows += {entry->user.id, grant.value()};
    }
    return rows;
}

Result<QList<GrantRow>> groupGrants(const Snapshot& snapshot, const Permission& permission)
{
    QList<GrantRow> rows;
    for (auto grant = permission.groups.begin(); grant != permission.groups.end(); ++grant) {
        const auto* group = snapshot.group(grant.key());
        if (!group)
            return noGroup(grant.key());
        if (!grant.value().isEmpty())
            rows += {group->id, grant.value()};
    }
    return rows;
}

} // namespace hublet::access
