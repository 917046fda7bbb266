// SPDX-License-Identifier: Apache-2.0
#include "app/hubletd/commandlines.h"

#include "app/host/process.h"
#include "app/hubletd/firstrun.h"
#include "app/hubletd/output.h"
#include "app/hubletd/secretline.h"
#include "core/api/control/command.h"
#include "core/api/control/controlclient.h"
#include "core/api/control/texttable.h"
#include "core/service/services.h"

#include <QCoreApplication>
#include <QDir>
#include <QEventLoop>
#include <QJsonObject>
#include <QLoggingCategory>

#include <cstdio>
#include <cstdlib>
#include <thread>

#include <unistd.h>

namespace hublet::app {

namespace {

using api::control::Arguments;
using api::control::CommandOutput;
using api::control::ExitCode;

const api::control::CommandSpec& restoreSpec()
{
    static const api::control::CommandSpec spec{
        QStringLiteral("restore"),
        {QStringLiteral("bundle")},
        QStringLiteral("Brings a backup into the data folder, which must not exist yet or be empty."),
        {}};
    return spec;
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

CommandOutput restore(const GlobalOptions& global, const QStringList& words, const CancelToken& cancel)
{
    const auto arguments = Arguments::parse(restoreSpec(), words);
    if (!arguments)
        return api::control::errorOutput(arguments.error());
    if (arguments->at(0).isEmpty())
        return api::control::errorOutput(
            Error(ErrorCode::InvalidArgument, QStringLiteral("Name the bundle to restore.")));
    const auto restored =
        service::Maintenance::restore(arguments->at(0), global.dataFolder, progressLine(global), cancel);
    if (!restored)
        return api::control::errorOutput(restored.error());
    QString text = QStringLiteral("Restored into %1.").arg(global.dataFolder);
    if (*restored > 0) {
        text += QStringLiteral("\n%1 damaged when the backup was made and not served. 'hubletd verify' names "
                               "the files; uploading them again repairs them.")
                    .arg(api::control::counted(*restored, QStringLiteral("content was"),
                                               QStringLiteral("contents were")));
    }
    return {text, QJsonObject{{QStringLiteral("dataFolder"), global.dataFolder},
                              {QStringLiteral("damaged"), *restored}}};
}

/// Through the process that holds the folder, as `busy` says; one that has no control socket is a command
/// like this one, and one that does not answer is in the way just as much.
CommandOutput runBeside(const Error& busy, const GlobalOptions& global, const QStringList& words,
                        const QByteArray& input, const CancelToken& cancel)
{
    auto output = api::control::runThroughServer(service::DataFolder::controlSocketInUse(global.dataFolder),
                                                 words, input, progressLine(global), cancel);
    if (output)
        return std::move(*output);
    if (output.error().code() != ErrorCode::Unavailable)
        return api::control::errorOutput(output.error());
    return api::control::errorOutput(
        Error(ErrorCode::Busy, QStringLiteral("%1. %2").arg(busy.detail(), output.error().detail())));
}

CommandOutput runOnFolder(const api::control::CommandTable& table, const GlobalOptions& global,
                          const QStringList& words, const QByteArray& input, const CancelToken& cancel)
{
    if (const auto usable = service::DataFolder::check(global.dataFolder); !usable)
        return api::control::errorOutput(usable.error());
    if (!service::DataFolder::holdsData(global.dataFolder)) {
        return api::control::errorOutput(
            Error(ErrorCode::NotFound,
                  QStringLiteral("The folder '%1' holds no Hublet data. '%2 serve' makes a new data folder")
                      .arg(global.dataFolder, api::control::hubletdOn(global.dataFolder))));
    }
    service::Services::Options options;
    options.dataFolder = global.dataFolder;
    options.converts = false; // this process would cut it off at its end
    const auto services = service::Services::open(options);
    if (!services)
        return services.error().code() == ErrorCode::Busy
                   ? runBeside(services.error(), global, words, input, cancel)
                   : api::control::errorOutput(services.error());
    // Something to tell when an earlier first start was cut short.
    if (const auto told = tellFirstRun(**services, stderr, false); !told)
        return api::control::errorOutput(told.error());
    return api::control::runCommand(table, **services, nullptr, words, input, progressLine(global), cancel);
}

/// Relative file names mean this process's folder, also when another process does the work.
QStringList withFullPaths(const QStringList& words, const Arguments& arguments)
{
    if (words.first() != u"backup" || arguments.at(0).isEmpty())
        return words;
    return {words.first(), QStringLiteral("--"), QDir::current().absoluteFilePath(arguments.at(0))};
}

/// Does the work on a thread of its own, so that a signal can cancel it; a second one ends the process.
CommandOutput runInterruptibly(const std::function<CommandOutput(const CancelToken&)>& work)
{
    const CancelToken cancel;
    onTerminationSignal(QCoreApplication::instance(), [cancel] {
        if (cancel.isCancelled())
            std::_Exit(int(ExitCode::Failed));
        cancel.cancel();
    });
    CommandOutput output;
    QEventLoop loop;
    std::thread worker([&] {
        output = work(cancel);
        QMetaObject::invokeMethod(&loop, &QEventLoop::quit, Qt::QueuedConnection);
    });
    loop.exec();
    worker.join();
    return output;
}

CommandOutput wrongCommandLine(const QString& problem)
{
    return api::control::errorOutput(Error(ErrorCode::InvalidArgument, problem));
}

CommandOutput unknownCommand(const QStringList& words, const QString& group)
{
    if (words.first().startsWith(u'-'))
        return wrongCommandLine(
            QStringLiteral("There is no option %1. 'hubletd --help' lists all of them.").arg(words.first()));
    if (group.isEmpty())
        return wrongCommandLine(
            QStringLiteral("There is no command '%1'. 'hubletd --help' lists all of them.")
                .arg(words.join(u' ')));
    const QString problem = words.size() == 1
                                ? QStringLiteral("'%1' needs another word:").arg(words.first())
                                : QStringLiteral("There is no command '%1', but:").arg(words.join(u' '));
    return wrongCommandLine(problem + u'\n' + group.chopped(1));
}

} // namespace

int administer(const GlobalOptions& global, const QStringList& words)
{
    // What matters to whoever gave the command is in its output.
    QLoggingCategory::setFilterRules(QStringLiteral("hublet.*.info=false"));
    if (words.first() == u"restore" && global.help)
        return print(stdout, api::control::helpText(restoreSpec()), ExitCode::Success);
    if (words.first() == u"restore") {
        return print(runInterruptibly(
                         [&](const CancelToken& cancel) { return restore(global, words.mid(1), cancel); }),
                     global);
    }

    const api::control::CommandTable table;
    const auto [command, nameLength] = table.find(words);
    if (!command) {
        const QString group = words.first().isEmpty() ? QString() : table.overview(words.first());
        if (global.help && !group.isEmpty())
            return print(stdout, group, ExitCode::Success);
        return print(unknownCommand(words, group), global);
    }
    if (global.help)
        return print(stdout, api::control::helpText(command->spec), ExitCode::Success);
    // Checked here as well, so that a wrong command line opens nothing.
    const auto arguments = Arguments::parse(command->spec, words.mid(nameLength));
    if (!arguments)
        return print(api::control::errorOutput(arguments.error()), global);
    const QByteArray input = command->readsInput && arguments->has(QStringLiteral("password-stdin"))
                                 ? readSecretLine()
                                 : QByteArray();
    return print(runInterruptibly([&](const CancelToken& cancel) {
                     return runOnFolder(table, global, withFullPaths(words, *arguments), input, cancel);
                 }),
                 global);
}

} // namespace hublet::app
