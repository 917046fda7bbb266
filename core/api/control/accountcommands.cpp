// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/command.h"
#include "core/api/control/texttable.h"
#include "core/service/services.h"

#include <QJsonArray>
#include <QJsonObject>

namespace hublet::api::control {

namespace {

QJsonObject toJson(const access::User& user)
{
    return {{QStringLiteral("name"), user.name},
            {QStringLiteral("fullName"), user.fullName},
            {QStringLiteral("email"), user.email},
            {QStringLiteral("admin"), user.admin},
            {QStringLiteral("hasPassword"), user.hasPassword},
            {QStringLiteral("groups"), QJsonArray::fromStringList(user.groups)},
            {QStringLiteral("createdAt"), QString::fromLatin1(isoTime(user.createdMs))}};
}

QJsonObject toJson(const access::Group& group)
{
    return {{QStringLiteral("name"), group.name},
            {QStringLiteral("description"), group.description},
            {QStringLiteral("autoJoin"), group.autoJoin},
            {QStringLiteral("members"), QJsonArray::fromStringList(group.members)}};
}

/// The first line of standard input when --password-stdin was given. Error: InvalidArgument (it is empty).
Result<std::optional<QByteArray>> passwordFrom(const CommandContext& context)
{
    if (!context.arguments.has(QStringLiteral("password-stdin")))
        return std::nullopt;
    QByteArray password = context.input.split('\n').first();
    if (password.endsWith('\r'))
        password.chop(1);
    if (password.isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("Standard input holds no password; nothing was changed."));
    return password;
}

/// Without an administrator nobody could make another one.
Result<void> checkNotLastAdministrator(const CommandContext& context, const QString& name)
{
    QStringList administrators;
    for (const access::User& user : context.services.directory().users()) {
        if (user.admin)
            administrators.append(user.name);
    }
    if (administrators.size() == 1 && administrators.contains(name, Qt::CaseInsensitive))
        return fail(ErrorCode::Conflict, QStringLiteral("%1 is the last administrator.").arg(name));
    return {};
}

Result<CommandOutput> done(const Result<void>& result, const QString& text, const QJsonObject& json)
{
    if (!result)
        return forward(result);
    return CommandOutput{text, json};
}

Result<CommandOutput> createUser(CommandContext& context)
{
    const auto password = passwordFrom(context);
    if (!password)
        return forward(password);
    access::NewUser request;
    request.name = context.arguments.at(0);
    request.password = *password;
    request.email = context.arguments.value(QStringLiteral("email"));
    request.fullName = context.arguments.value(QStringLiteral("full-name"));
    request.admin = context.arguments.has(QStringLiteral("admin"));
    const auto user = context.services.directory().createUser(request);
    if (!user)
        return forward(user);
    return CommandOutput{QStringLiteral("User %1 created. Give it a token with: %2 token create %1")
                             .arg(user->name, hubletdOn(context.services.dataFolder().path())),
                         toJson(*user)};
}

Result<CommandOutput> changeUser(CommandContext& context)
{
    const auto password = passwordFrom(context);
    if (!password)
        return forward(password);
    const bool promote = context.arguments.has(QStringLiteral("admin"));
    const bool demote = context.arguments.has(QStringLiteral("no-admin"));
    if (promote && demote)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("Say either --admin or --no-admin."));
    if (demote) {
        if (const auto allowed = checkNotLastAdministrator(context, context.arguments.at(0)); !allowed)
            return forward(allowed);
    }
    access::UserChange change;
    change.password = *password;
    if (context.arguments.has(QStringLiteral("email")))
        change.email = context.arguments.value(QStringLiteral("email"));
    if (context.arguments.has(QStringLiteral("full-name")))
        change.fullName = context.arguments.value(QStringLiteral("full-name"));
    if (promote || demote)
        change.admin = promote;
    const auto user = context.services.directory().updateUser(context.arguments.at(0), change);
    if (!user)
        return forward(user);
    return CommandOutput{QStringLiteral("User %1 changed.").arg(user->name), toJson(*user)};
}

Result<CommandOutput> listUsers(CommandContext& context)
{
    QJsonArray json;
    QList<QStringList> rows;
    for (const access::User& user : context.services.directory().users()) {
        json.append(toJson(user));
        rows.append({user.name, user.admin ? QStringLiteral("yes") : QStringLiteral("no"),
                     user.groups.join(QStringLiteral(", ")), user.email});
    }
    return CommandOutput{textTable({QStringLiteral("NAME"), QStringLiteral("ADMIN"), QStringLiteral("GROUPS"),
                                    QStringLiteral("EMAIL")},
                                   rows),
                         json};
}

Result<CommandOutput> deleteUser(CommandContext& context)
{
    const QString name = context.arguments.at(0);
    if (const auto allowed = checkNotLastAdministrator(context, name); !allowed)
        return forward(allowed);
    return done(context.services.directory().deleteUser(name), QStringLiteral("User %1 deleted.").arg(name),
                {{QStringLiteral("deleted"), name}});
}

Result<CommandOutput> createGroup(CommandContext& context)
{
    const auto group = context.services.directory().createGroup(
        {context.arguments.at(0), context.arguments.value(QStringLiteral("description")),
         context.arguments.has(QStringLiteral("auto-join"))});
    if (!group)
        return forward(group);
    return CommandOutput{QStringLiteral("Group %1 created.").arg(group->name), toJson(*group)};
}

Result<CommandOutput> listGroups(CommandContext& context)
{
    QJsonArray json;
    QList<QStringList> rows;
    for (const access::Group& group : context.services.directory().groups()) {
        json.append(toJson(group));
        rows.append({group.name, group.autoJoin ? QStringLiteral("yes") : QStringLiteral("no"),
                     group.members.join(QStringLiteral(", "))});
    }
    return CommandOutput{
        textTable({QStringLiteral("NAME"), QStringLiteral("AUTO-JOIN"), QStringLiteral("MEMBERS")}, rows),
        json};
}

Result<CommandOutput> deleteGroup(CommandContext& context)
{
    const QString name = context.arguments.at(0);
    return done(context.services.directory().deleteGroup(name), QStringLiteral("Group %1 deleted.").arg(name),
                {{QStringLiteral("deleted"), name}});
}

Result<CommandOutput> addMember(CommandContext& context)
{
    const QString group = context.arguments.at(0);
    const QString user = context.arguments.at(1);
    return done(context.services.directory().addToGroup(group, user),
                QStringLiteral("%1 is a member of %2.").arg(user, group),
                {{QStringLiteral("group"), group}, {QStringLiteral("added"), user}});
}

Result<CommandOutput> removeMember(CommandContext& context)
{
    const QString group = context.arguments.at(0);
    const QString user = context.arguments.at(1);
    return done(context.services.directory().removeFromGroup(group, user),
                QStringLiteral("%1 is not a member of %2.").arg(user, group),
                {{QStringLiteral("group"), group}, {QStringLiteral("removed"), user}});
}

QString anonymousText(access::AnonymousAccess access)
{
    switch (access) {
    case access::AnonymousAccess::Off:
        break;
    case access::AnonymousAccess::Machine:
        return QStringLiteral("Callers without a token may read, on this machine only (127.0.0.1 and ::1), "
                              "what permissions open to them.");
    case access::AnonymousAccess::Everywhere:
        return QStringLiteral(
            "Callers without a token may read, from everywhere, what permissions open to them.");
    }
    return QStringLiteral("Callers without a token may nothing.");
}

Result<CommandOutput> anonymous(CommandContext& context)
{
    const QString value = context.arguments.at(0);
    const auto wanted = access::anonymousAccessFromName(value);
    if (!wanted && value != u"show") {
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("Say 'anonymous off', 'anonymous machine', 'anonymous everywhere' or "
                                   "'anonymous show'."));
    }
    if (wanted) {
        if (const auto set = context.services.directory().setAnonymousAccess(*wanted); !set)
            return forward(set);
    }
    const access::AnonymousAccess access = context.services.directory().anonymousAccess();
    return CommandOutput{anonymousText(access),
                         QJsonObject{{QStringLiteral("anonymous"), access != access::AnonymousAccess::Off},
                                     {QStringLiteral("from"), access::anonymousAccessName(access)}}};
}

} // namespace

std::vector<Command> accountCommands()
{
    const QString name = QStringLiteral("name");
    const QString group = QStringLiteral("group");
    const QString user = QStringLiteral("user");
    const QList<OptionSpec> userOptions{
        {QStringLiteral("password-stdin"),
         {},
         QStringLiteral("read the password, a line, from standard input")},
        {QStringLiteral("email"), QStringLiteral("address"), QStringLiteral("author of the user's commits")},
        {QStringLiteral("full-name"), QStringLiteral("text"), QStringLiteral("for people")},
        {QStringLiteral("admin"), {}, QStringLiteral("administrator: may do everything")}};
    QList<OptionSpec> changeOptions = userOptions;
    changeOptions.append(
        {QStringLiteral("no-admin"), {}, QStringLiteral("takes the administrator's rights away")});
    return {
        {{QStringLiteral("user create"), {name}, QStringLiteral("Creates a user."), userOptions},
         createUser,
         true},
        {{QStringLiteral("user change"), {name}, QStringLiteral("Changes a user."), changeOptions, true},
         changeUser,
         true},
        {{QStringLiteral("user list"), {}, QStringLiteral("Lists all users."), {}}, listUsers},
        {{QStringLiteral("user delete"), {name}, QStringLiteral("Deletes a user and the user's tokens."), {}},
         deleteUser},
        {{QStringLiteral("group create"),
          {name},
          QStringLiteral("Creates a group; packages may belong to it."),
          {{QStringLiteral("description"), QStringLiteral("text"), QStringLiteral("what the group is for")},
           {QStringLiteral("auto-join"), {}, QStringLiteral("new users become members")}}},
         createGroup},
        {{QStringLiteral("group list"), {}, QStringLiteral("Lists all groups and their members."), {}},
         listGroups},
        {{QStringLiteral("group delete"), {name}, QStringLiteral("Deletes a group."), {}}, deleteGroup},
        {{QStringLiteral("group add"), {group, user}, QStringLiteral("Adds a user to a group."), {}},
         addMember},
        {{QStringLiteral("group remove"), {group, user}, QStringLiteral("Takes a user out of a group."), {}},
         removeMember},
        {{QStringLiteral("anonymous"),
          {QStringLiteral("off|machine|everywhere|show")},
          QStringLiteral("Lets callers without a token read: none, those on this machine (as at first; 'on' "
                         "says the same), or all. They never write."),
          {}},
         anonymous},
    };
}

} // namespace hublet::api::control
