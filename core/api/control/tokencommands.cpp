// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/command.h"
#include "core/api/control/texttable.h"
#include "core/base/humanformat.h"
#include "core/service/services.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace hublet::api::control {

namespace {

constexpr qint64 DayMs = 24LL * 3600 * 1000;
constexpr int DefaultDays = 365;

QJsonValue timeOrNull(const std::optional<qint64>& ms)
{
    return ms ? QJsonValue(QString::fromLatin1(isoTime(*ms))) : QJsonValue(QJsonValue::Null);
}

QJsonObject toJson(const access::Token& token)
{
    return {{QStringLiteral("id"), token.id},
            {QStringLiteral("user"), token.userName},
            {QStringLiteral("name"), token.name},
            {QStringLiteral("role"), access::tokenRoleName(token.role)},
            {QStringLiteral("repository"), token.repository ? QJsonValue(*token.repository) : QJsonValue()},
            {QStringLiteral("prefix"), token.prefix},
            {QStringLiteral("createdAt"), QString::fromLatin1(isoTime(token.createdMs))},
            {QStringLiteral("expiresAt"), timeOrNull(token.expiresMs)},
            {QStringLiteral("lastUsedAt"), timeOrNull(token.lastUsedMs)}};
}

Result<CommandOutput> create(CommandContext& context)
{
    access::NewToken request;
    request.name = context.arguments.value(QStringLiteral("name"), QStringLiteral("hubletd"));
    const auto role =
        access::tokenRoleFromName(context.arguments.value(QStringLiteral("role"), QStringLiteral("write")));
    if (!role)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--role is 'read', 'write' or 'full'."));
    request.role = *role;
    if (context.arguments.has(QStringLiteral("repository"))) {
        const auto key = RepositoryKey::parse(context.arguments.value(QStringLiteral("repository")));
        if (!key)
            return forward(key);
        if (const auto known = context.services.browse().repository(*key); !known)
            return forward(known);
        request.repository = *key;
    }
    bool isNumber = false;
    const qint64 days =
        context.arguments.value(QStringLiteral("days"), QString::number(DefaultDays)).toLongLong(&isNumber);
    if (!isNumber || days < 0)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("--days is a number of days; 0 means that it never expires."));
    if (days > 0)
        request.lifetimeMs = days * DayMs;
    const auto token = context.services.directory().createToken(context.arguments.at(0), request);
    if (!token)
        return forward(token);
    QJsonObject json = toJson(token->info);
    json.insert(QStringLiteral("token"), QString::fromLatin1(token->secret));
    return CommandOutput{
        QStringLiteral("%1\nKeep it now: it is not shown again.").arg(QLatin1String(token->secret)), json};
}

bool isUser(const CommandContext& context, const QString& name)
{
    const auto users = context.services.directory().users();
    return std::any_of(users.begin(), users.end(), [&](const access::User& user) {
        return user.name.compare(name, Qt::CaseInsensitive) == 0;
    });
}

Result<CommandOutput> list(CommandContext& context)
{
    std::optional<QString> user;
    if (context.arguments.has(QStringLiteral("user")))
        user = context.arguments.value(QStringLiteral("user"));
    if (user && !isUser(context, *user))
        return fail(ErrorCode::NotFound, QStringLiteral("There is no user '%1'.").arg(*user));
    QJsonArray json;
    QList<QStringList> rows;
    for (const access::Token& token : context.services.directory().tokens(user)) {
        json.append(toJson(token));
        rows.append({QString::number(token.id), token.userName, token.name, access::tokenRoleName(token.role),
                     token.repository.value_or(QStringLiteral("all")), token.prefix + u'…',
                     token.expiresMs ? exactTime(*token.expiresMs) : QStringLiteral("never"),
                     exactTime(token.lastUsedMs.value_or(0))});
    }
    return CommandOutput{
        textTable({QStringLiteral("ID"), QStringLiteral("USER"), QStringLiteral("NAME"),
                   QStringLiteral("ROLE"), QStringLiteral("REPOSITORY"), QStringLiteral("TOKEN"),
                   QStringLiteral("EXPIRES"), QStringLiteral("LAST USED")},
                  rows),
        json};
}

Result<CommandOutput> revoke(CommandContext& context)
{
    bool isNumber = false;
    const qint64 id = context.arguments.at(0).toLongLong(&isNumber);
    if (!isNumber)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("Name the token by its number: see %1 token list")
                        .arg(hubletdOn(context.services.dataFolder().path())));
    if (const auto revoked = context.services.directory().revokeToken(id); !revoked)
        return forward(revoked);
    return CommandOutput{QStringLiteral("Token %1 revoked.").arg(id),
                         QJsonObject{{QStringLiteral("revoked"), id}}};
}

} // namespace

std::vector<Command> tokenCommands()
{
    return {
        {{QStringLiteral("token create"),
          {QStringLiteral("user")},
          QStringLiteral("Creates a token and shows it once."),
          {{QStringLiteral("name"), QStringLiteral("text"), QStringLiteral("what it is for")},
           {QStringLiteral("role"), QStringLiteral("read|write|full"), QStringLiteral("default: write")},
           {QStringLiteral("repository"), QStringLiteral("key"),
            QStringLiteral("reaches this repository only")},
           {QStringLiteral("days"), QStringLiteral("number"),
            QStringLiteral("lifetime; default 365, 0: no end")}}},
         create},
        {{QStringLiteral("token list"),
          {},
          QStringLiteral("Lists tokens, never their secrets."),
          {{QStringLiteral("user"), QStringLiteral("name"), QStringLiteral("only this user's")}}},
         list},
        {{QStringLiteral("token revoke"),
          {QStringLiteral("id")},
          QStringLiteral("Revokes a token; refused from the next request on."),
          {}},
         revoke},
    };
}

} // namespace hublet::api::control
