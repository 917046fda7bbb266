// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/command.h"

#include <QJsonObject>

#include <iterator>

namespace hublet::api::control {

CommandTable::CommandTable()
{
    for (auto group : {repositoryCommands(), accountCommands(), permissionCommands(), tokenCommands(),
                       maintenanceCommands()})
        std::move(group.begin(), group.end(), std::back_inserter(m_commands));
}

QString CommandTable::overview(const QString& group) const
{
    QString text;
    for (const Command& command : m_commands) {
        if (group.isEmpty() || command.spec.name.startsWith(group + u' '))
            text += QStringLiteral("  %1  %2\n").arg(command.spec.name, -24).arg(command.spec.help);
    }
    return text;
}

std::pair<const Command*, int> CommandTable::find(const QStringList& words) const
{
    for (const Command& command : m_commands) {
        const QStringList name = command.spec.name.split(u' ');
        if (words.mid(0, name.size()) == name)
            return {&command, int(name.size())};
    }
    return {nullptr, 0};
}

CommandOutput errorOutput(const Error& error)
{
    const QJsonObject body{{QStringLiteral("code"), QLatin1String(errorCodeName(error.code()))},
                           {QStringLiteral("message"), error.describe()}};
    return {error.describe(), QJsonObject{{QStringLiteral("error"), body}}, exitCodeFor(error.code())};
}

CommandOutput runCommand(const CommandTable& table, service::Services& services,
                         const service::ServerControl* server, const QStringList& words,
                         const QByteArray& input, const ProgressFunction& progress, const CancelToken& cancel)
{
    const auto [command, nameLength] = table.find(words);
    if (!command) {
        return errorOutput(
            Error(ErrorCode::InvalidArgument,
                  QStringLiteral("There is no command '%1'. 'hubletd --help' lists all of them.")
                      .arg(words.value(0))));
    }
    const auto arguments = Arguments::parse(command->spec, words.mid(nameLength));
    if (!arguments)
        return errorOutput(arguments.error());
    CommandContext context{services, server, *arguments, input, progress, cancel};
    auto output = command->run(context);
    return output ? std::move(*output) : errorOutput(output.error());
}

} // namespace hublet::api::control
