// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/command.h"
#include "core/api/control/texttable.h"
#include "core/service/services.h"

#include <QJsonArray>
#include <QJsonObject>

namespace hublet::api::control {

namespace {

using access::ActionSet;
using access::Permission;

QJsonObject grantsToJson(const QMap<QString, ActionSet>& grants)
{
    QJsonObject json;
    for (auto grant = grants.begin(); grant != grants.end(); ++grant)
        json.insert(grant.key(), QJsonArray::fromStringList(grant.value().names()));
    return json;
}

QJsonObject toJson(const Permission& permission)
{
    return {{QStringLiteral("name"), permission.name},
            {QStringLiteral("repositories"), QJsonArray::fromStringList(permission.repositories)},
            {QStringLiteral("include"), QJsonArray::fromStringList(permission.includes)},
            {QStringLiteral("exclude"), QJsonArray::fromStringList(permission.excludes)},
            {QStringLiteral("users"), grantsToJson(permission.users)},
            {QStringLiteral("groups"), grantsToJson(permission.groups)},
            {QStringLiteral("anonymousRead"), permission.anonymousRead}};
}

QString grantsToText(const QMap<QString, ActionSet>& grants)
{
    QStringList parts;
    for (auto grant = grants.begin(); grant != grants.end(); ++grant)
        parts.append(grant.key() + u'=' + grant.value().names().join(u'+'));
    return parts.join(QStringLiteral(", "));
}

/// "ann=READ+WRITE,ci=READ"
Result<QMap<QString, ActionSet>> readGrants(const QStringList& items)
{
    QMap<QString, ActionSet> grants;
    QStringList names;
    for (const QString& item : items) {
        const qsizetype equals = item.indexOf(u'=');
        const QString name = item.left(equals);
        const auto actions =
            equals > 0 ? ActionSet::fromNames(item.mid(equals + 1).split(u'+')) : std::nullopt;
        if (!actions) {
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral(
                            "'%1' is not of the form name=READ+WRITE (READ, ANNOTATE, WRITE, DELETE, SCAN, "
                            "MANAGE).")
                            .arg(item));
        }
        // Which of the two was meant? Accounts compare without regard to case.
        if (names.contains(name, Qt::CaseInsensitive))
            return fail(ErrorCode::InvalidArgument, QStringLiteral("'%1' is named twice.").arg(name));
        names.append(name);
        grants.insert(name, *actions);
    }
    return grants;
}

Result<Permission> readPermission(const Arguments& arguments, Permission permission)
{
    const auto listOption = [&](const char* name, QStringList& target) {
        if (arguments.has(QLatin1String(name)))
            target = arguments.list(QLatin1String(name));
    };
    listOption("repositories", permission.repositories);
    listOption("include", permission.includes);
    listOption("exclude", permission.excludes);
    if (arguments.has(QStringLiteral("users"))) {
        auto grants = readGrants(arguments.list(QStringLiteral("users")));
        if (!grants)
            return forward(grants);
        permission.users = *grants;
    }
    if (arguments.has(QStringLiteral("groups"))) {
        auto grants = readGrants(arguments.list(QStringLiteral("groups")));
        if (!grants)
            return forward(grants);
        permission.groups = *grants;
    }
    const auto anonymousRead = arguments.toggle(QStringLiteral("anonymous-read"), permission.anonymousRead);
    if (!anonymousRead)
        return forward(anonymousRead);
    permission.anonymousRead = *anonymousRead;
    return permission;
}

/// Whatever does not mean many repositories is the key of one, else a slip of the pen opens nothing.
Result<void> checkRepositories(const CommandContext& context)
{
    for (const QString& name : context.arguments.list(QStringLiteral("repositories"))) {
        if (name == access::AnyRepository || name == access::AnyLocalRepository ||
            name == access::AnyRemoteRepository)
            continue;
        const auto key = RepositoryKey::parse(name);
        if (!key)
            return forward(key);
        if (const auto known = context.services.browse().repository(*key); !known)
            return forward(known);
    }
    return {};
}

Result<CommandOutput> create(CommandContext& context)
{
    if (const auto known = checkRepositories(context); !known)
        return forward(known);
    Permission blank;
    blank.name = context.arguments.at(0);
    const auto wanted = readPermission(context.arguments, blank);
    if (!wanted)
        return forward(wanted);
    const auto permission = context.services.directory().createPermission(*wanted);
    if (!permission)
        return forward(permission);
    return CommandOutput{QStringLiteral("Permission %1 created.").arg(permission->name), toJson(*permission)};
}

Result<CommandOutput> change(CommandContext& context)
{
    const auto current = context.services.directory().permission(context.arguments.at(0));
    if (!current) {
        return fail(ErrorCode::NotFound,
                    QStringLiteral("There is no permission '%1'.").arg(context.arguments.at(0)));
    }
    if (const auto known = checkRepositories(context); !known)
        return forward(known);
    const auto wanted = readPermission(context.arguments, *current);
    if (!wanted)
        return forward(wanted);
    const auto permission = context.services.directory().updatePermission(*wanted);
    if (!permission)
        return forward(permission);
    return CommandOutput{QStringLiteral("Permission %1 changed.").arg(permission->name), toJson(*permission)};
}

Result<CommandOutput> list(CommandContext& context)
{
    QJsonArray json;
    QList<QStringList> rows;
    for (const Permission& permission : context.services.directory().permissions()) {
        json.append(toJson(permission));
        rows.append({permission.name, permission.repositories.join(u','), permission.includes.join(u','),
                     permission.excludes.join(u','), grantsToText(permission.users),
                     grantsToText(permission.groups),
                     permission.anonymousRead ? QStringLiteral("read") : QStringLiteral("-")});
    }
    return CommandOutput{
        textTable({QStringLiteral("NAME"), QStringLiteral("REPOSITORIES"), QStringLiteral("INCLUDE"),
                   QStringLiteral("EXCLUDE"), QStringLiteral("USERS"), QStringLiteral("GROUPS"),
                   QStringLiteral("ANONYMOUS")},
                  rows),
        json};
}

Result<CommandOutput> remove(CommandContext& context)
{
    const QString name = context.arguments.at(0);
    if (const auto removed = context.services.directory().deletePermission(name); !removed)
        return forward(removed);
    return CommandOutput{QStringLiteral("Permission %1 deleted.").arg(name),
                         QJsonObject{{QStringLiteral("deleted"), name}}};
}

} // namespace

std::vector<Command> permissionCommands()
{
    const QString name = QStringLiteral("name");
    const QList<OptionSpec> options{
        {QStringLiteral("repositories"), QStringLiteral("keys"),
         QStringLiteral("comma-separated keys, ANY, \"ANY LOCAL\" or \"ANY REMOTE\"")},
        {QStringLiteral("include"), QStringLiteral("patterns"),
         QStringLiteral("such as models/acme/**; default **. Patterns choose packages: one that would choose "
                        "among the files of a package is refused")},
        {QStringLiteral("exclude"), QStringLiteral("patterns"), QStringLiteral("wins over include")},
        {QStringLiteral("users"), QStringLiteral("grants"), QStringLiteral("such as ann=READ+WRITE,ci=READ")},
        {QStringLiteral("groups"), QStringLiteral("grants"),
         QStringLiteral("such as publishers=READ+WRITE+DELETE")},
        {QStringLiteral("anonymous-read"), QStringLiteral("on|off"),
         QStringLiteral("callers without a token may read; new ones: off")}};
    return {
        {{QStringLiteral("permission create"), {name}, QStringLiteral("Creates a permission."), options},
         create},
        {{QStringLiteral("permission change"),
          {name},
          QStringLiteral("Changes a permission; options that are not given stay."),
          options,
          true},
         change},
        {{QStringLiteral("permission list"), {}, QStringLiteral("Lists all permissions."), {}}, list},
        {{QStringLiteral("permission delete"), {name}, QStringLiteral("Deletes a permission."), {}}, remove},
    };
}

} // namespace hublet::api::control
