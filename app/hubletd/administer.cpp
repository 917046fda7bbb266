// SPDX-License-Identifier: Apache-2.0
#include "app/hubletd/commandlines.h"

#include "core/api/control/command.h"
#include "core/api/control/controlclient.h"
#include "core/service/services.h"

#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>
#include <unistd.h>

namespace hublet::app {

namespace {

using api::control::Arguments;
using api::control::CommandOutput;
using api::control::ExitCode;

constexpr qint64 MaxInputBytes = 1024 * 1024;

const api::control::CommandSpec& restoreSpec()
{
    static const api::control::CommandSpec spec{
        QStringLiteral("restore"),
        {QStringLiteral("bundle")},
        QStringLiteral("Brings a backup into the data folder, which must not exist yet or be empty."),
        {}};
    return spec;
}

QByteArray jsonText(const QJsonValue& value)
{
    if (value.isObject())
        return QJsonDocument(value.toObject()).toJson(QJsonDocument::Indented);
    if (value.isArray())
        return QJsonDocument(value.toArray()).toJson(QJsonDocument::Indented);
    return "null\n";
}

int print(const CommandOutput& output, const GlobalOptions& global)
{
    if (global.json)
        std::fputs(jsonText(output.json).constData(), stdout);
    else
        std::fputs((output.text + u'\n').toUtf8().constData(),
                   output.json.toObject().contains(QStringLiteral("error")) ? stderr : stdout);
    return int(output.exitCode);
}

int printHelp(const api::control::CommandSpec& spec)
{
    std::fputs(api::control::helpText(spec).toUtf8().constData(), stdout);
    return int(ExitCode::Success);
}

/// A line on standard error that is written over, when a person is looking.
ProgressFunction progressLine(const GlobalOptions& global)
{
    if (global.quiet || isatty(STDERR_FILENO) == 0)
        return [](qint64, qint64) {};
    return [](qint64 done, qint64 total) {
        if (total > 0)
            std::fprintf(stderr, "\r%3lld %%", static_cast<long long>(100 * done / total));
        if (total > 0 && done >= total)
            std::fputs("\r      \r", stderr);
    };
}

QByteArray readInput()
{
    QByteArray input(MaxInputBytes, Qt::Uninitialized);
    const size_t count = std::fread(input.data(), 1, size_t(input.size()), stdin);
    input.truncate(qsizetype(count));
    return input;
}

CommandOutput restore(const GlobalOptions& global, const QStringList& words, const CancelToken& cancel)
{
    const auto arguments = Arguments::parse(restoreSpec(), words);
    if (!arguments)
        return api::control::errorOutput(arguments.error());
    const auto restored =
        service::Maintenance::restore(arguments->at(0), global.dataFolder, progressLine(global), cancel);
    if (!restored)
        return api::control::errorOutput(restored.error());
    return {QStringLiteral("Restored into %1.").arg(global.dataFolder),
            QJsonObject{{QStringLiteral("dataFolder"), global.dataFolder}}};
}

CommandOutput runOnFolder(const api::control::CommandTable& table, const GlobalOptions& global,
                          const QStringList& words, const QByteArray& input, const CancelToken& cancel)
{
    service::Services::Options options;
    options.dataFolder = global.dataFolder;
    const auto services = service::Services::open(options);
    if (services)
        return api::control::runCommand(table, **services, nullptr, words, input, progressLine(global),
                                        cancel);
    if (services.error().code() != ErrorCode::Busy)
        return api::control::errorOutput(services.error());
    auto output = api::control::runThroughServer(service::DataFolder::controlSocket(global.dataFolder), words,
                                                 input, progressLine(global), cancel);
    return output ? std::move(*output) : api::control::errorOutput(output.error());
}

/// Relative file names mean this process's folder, also when another process does the work.
QStringList withFullPaths(QStringList words)
{
    if (words.size() == 2 && words.first() == u"backup")
        words[1] = QDir::current().absoluteFilePath(words.at(1));
    return words;
}

} // namespace

int administer(const GlobalOptions& global, const QStringList& words)
{
    const bool help = words.contains(QStringLiteral("--help"));
    const CancelToken cancel;
    if (words.first() == u"restore")
        return help ? printHelp(restoreSpec()) : print(restore(global, words.mid(1), cancel), global);

    const api::control::CommandTable table;
    const auto [command, nameLength] = table.find(words);
    if (!command) {
        const QString group = table.overview(words.first());
        if (help && !group.isEmpty()) {
            std::fputs(group.toUtf8().constData(), stdout);
            return int(ExitCode::Success);
        }
        return print(api::control::errorOutput(
                         Error(ErrorCode::InvalidArgument,
                               QStringLiteral("There is no command '%1'. 'hubletd --help' lists all of them.")
                                   .arg(words.join(u' ')))),
                     global);
    }
    if (help)
        return printHelp(command->spec);
    // Checked here as well, so that a wrong command line opens nothing.
    const auto arguments = Arguments::parse(command->spec, words.mid(nameLength));
    if (!arguments)
        return print(api::control::errorOutput(arguments.error()), global);
    const QByteArray input =
        command->readsInput && arguments->has(QStringLiteral("password-stdin")) ? readInput() : QByteArray();
    return print(runOnFolder(table, global, withFullPaths(words), input, cancel), global);
}

} // namespace hublet::app
