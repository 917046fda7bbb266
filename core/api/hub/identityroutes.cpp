// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/hubapi.h"
#include "core/api/hub/hubjson.h"
#include "core/base/clock.h"
#include "core/service/services.h"

#include <QJsonArray>

namespace hublet::api {

namespace {

using access::Action;
using http::Method;

/// The Hub's words; a token that may do everything its user may counts as a writing one.
QString hubRoleName(access::Principal::TokenRole role)
{
    return role == access::Principal::TokenRole::Read ? QStringLiteral("read") : QStringLiteral("write");
}

QJsonObject organisation(const LoginCall& call, const QString& name)
{
    const auto group = call.services().directory().group(name);
    return {{QStringLiteral("type"), QStringLiteral("org")},
            {QStringLiteral("id"), group ? QString::fromLatin1(group->hubId) : QString()},
            {QStringLiteral("name"), name},
            {QStringLiteral("fullname"), name},
            {QStringLiteral("email"), QJsonValue::Null},
            {QStringLiteral("canPay"), false},
            {QStringLiteral("periodEnd"), QJsonValue::Null},
            {QStringLiteral("isEnterprise"), false},
            {QStringLiteral("avatarUrl"), QString()},
            {QStringLiteral("roleInOrg"),
             call.principal().admin ? QStringLiteral("admin") : QStringLiteral("write")}};
}

/// Everything here is in memory: directory and principal are snapshots.
Outcome whoami(const LoginCall& call)
{
    const access::Principal& who = call.principal();
    QJsonArray organisations;
    for (const QString& group : who.groups)
        organisations.append(organisation(call, group));
    const QJsonObject token{{QStringLiteral("displayName"), who.tokenName},
                            {QStringLiteral("role"), hubRoleName(who.tokenRole)},
                            {QStringLiteral("createdAt"), QString::fromLatin1(isoTime(who.tokenCreatedMs))}};
    return jsonResponse(
        200, {{QStringLiteral("type"), QStringLiteral("user")},
              {QStringLiteral("id"), QString::fromLatin1(who.hubId)},
              {QStringLiteral("name"), who.name},
              {QStringLiteral("fullname"), who.fullName.isEmpty() ? who.name : who.fullName},
              {QStringLiteral("email"), who.email},
              {QStringLiteral("emailVerified"), true},
              {QStringLiteral("canPay"), false},
              {QStringLiteral("isPro"), false},
              {QStringLiteral("periodEnd"), QJsonValue::Null},
              {QStringLiteral("avatarUrl"), QString()},
              {QStringLiteral("orgs"), organisations},
              {QStringLiteral("auth"), QJsonObject{{QStringLiteral("type"), QStringLiteral("access_token")},
                                                   {QStringLiteral("accessToken"), token}}}});
}

/// Packages of one namespace that the caller may see.
Result<qint64> packageCount(const RepositoryCall& call, PackageType type, const QString& nameSpace)
{
    const auto namespaces =
        call.services().browse().namespaces(call.principal(), call.repository().key, type);
    if (!namespaces)
        return forward(namespaces);
    for (const auto& [name, count] : *namespaces) {
        if (name.compare(nameSpace, Qt::CaseInsensitive) == 0)
            return count;
    }
    return 0;
}

struct Account {
    QString name;
    QString fullName;
    bool isUser = false;
    QStringList groups;
};

/// A user, a group, or nothing known by that name: then a namespace that has packages is an organisation,
/// too.
std::optional<Account> findAccount(const RepositoryCall& call, const QString& name, bool hasPackages)
{
    const access::Directory& directory = call.services().directory();
    if (const auto user = directory.user(name))
        return Account{user->name, user->fullName.isEmpty() ? user->name : user->fullName, true,
                       user->groups};
    if (const auto group = directory.group(name))
        return Account{group->name, group->name, false, {}};
    if (hasPackages)
        return Account{name, name, false, {}};
    return std::nullopt;
}

Outcome overview(const RepositoryCall& call, bool ofUser)
{
    const QString name = QString::fromUtf8(call.name());
    const auto models = packageCount(call, PackageType::Model, name);
    if (!models)
        return forward(models);
    const auto datasets = packageCount(call, PackageType::Dataset, name);
    if (!datasets)
        return forward(datasets);
    const auto account = findAccount(call, name, *models + *datasets > 0);
    if (!account || account->isUser != ofUser)
        return fail(ErrorCode::NotFound, ofUser ? QStringLiteral("This user does not exist")
                                                : QStringLiteral("This organization does not exist"));
    QJsonObject answer{{ofUser ? QStringLiteral("user") : QStringLiteral("name"), account->name},
                       {QStringLiteral("fullname"), account->fullName},
                       {QStringLiteral("avatarUrl"), QString()},
                       {QStringLiteral("type"), ofUser ? QStringLiteral("user") : QStringLiteral("org")},
                       {QStringLiteral("numModels"), *models},
                       {QStringLiteral("numDatasets"), *datasets},
                       {QStringLiteral("numSpaces"), 0}};
    if (ofUser) {
        QJsonArray organisations;
        for (const QString& group : account->groups)
            organisations.append(QJsonObject{{QStringLiteral("name"), group},
                                             {QStringLiteral("fullname"), group},
                                             {QStringLiteral("avatarUrl"), QString()}});
        answer.insert(QStringLiteral("isPro"), false);
        answer.insert(QStringLiteral("orgs"), organisations);
    }
    return jsonResponse(200, answer);
}

Outcome emptyArray(const Call&)
{
    return http::Response::json(200, "[]");
}

Outcome emptyObject(const Call&)
{
    return http::Response::json(200, "{}");
}

} // namespace

void addIdentityRoutes(Routes& routes)
{
    routes.quick(Method::Get, "/api/whoami-v2", needs::Login{}, whoami);
    routes.waiting(Method::Get, "/api/users/{name}/overview", needs::Repository{Action::Read},
                   [](const RepositoryCall& call) { return overview(call, true); });
    routes.waiting(Method::Get, "/api/organizations/{name}/overview", needs::Repository{Action::Read},
                   [](const RepositoryCall& call) { return overview(call, false); });
    for (const QByteArrayView list :
         {"/api/users/{name}/followers", "/api/users/{name}/following", "/api/organizations/{name}/members",
          "/api/organizations/{name}/followers"})
        routes.quick(Method::Get, list, needs::Nothing{}, emptyArray);
    routes.quick(Method::Get, "/api/models-tags-by-type", needs::Nothing{}, emptyObject);
    routes.quick(Method::Get, "/api/datasets-tags-by-type", needs::Nothing{}, emptyObject);
    // Libraries announce themselves here; the answer is not looked at.
    routes.quick(Method::Get, "/api/telemetry/{rest}", needs::Nothing{}, emptyObject);
}

} // namespace hublet::api
