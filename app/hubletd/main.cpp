// SPDX-License-Identifier: Apache-2.0
// hubletd: Hublet's server without a window, and its administration from the command line.

#include "app/host/process.h"
#include "app/hubletd/commandlines.h"
#include "app/hubletd/output.h"
#include "core/api/control/command.h"
#include "core/service/context/datafolder.h"

#include <QCoreApplication>
#include <QDir>

#include <cstdio>

using namespace hublet;
using api::control::ExitCode;

namespace {

QString overview()
{
    QString text = QStringLiteral(
        "Usage: hubletd [--data <folder>] [--json] [--quiet] <command> [<arguments>]\n\n"
        "Serves models and datasets to Hugging Face clients, and administers what is stored.\n\n"
        "Commands:\n"
        "  serve                     Serves until it is told to stop (SIGTERM, Ctrl+C).\n"
        "  restore                   Brings a backup into a new data folder.\n");
    text += api::control::CommandTable().overview();
    text +=
        QStringLiteral(
            "\n'hubletd <command> --help' explains one command. Beside a running server or window each "
            "command works\n"
            "through it.\n\n"
            "Options of every command:\n"
            "  --data <folder>           Data folder (default: $HUBLET_DATA, else %1)\n"
            "  --json                    Print JSON instead of text\n"
            "  --quiet                   No progress on standard error\n"
            "  --help, --version\n\n"
            "Exit codes: 0 done, 1 failed, 2 wrong command line, 3 not found, 4 exists or is in the way,\n"
            "5 damaged data found, 6 busy (data folder, port or another long command), 7 refused.")
            .arg(service::DataFolder::defaultPath());
    return text;
}

struct CommandLine {
    app::GlobalOptions global;
    QStringList words;
    bool version = false;
    QString problem;
};

/// Takes the options of every command out, wherever they stand before a "--".
CommandLine readCommandLine(const QStringList& arguments)
{
    CommandLine line;
    line.global.dataFolder = qEnvironmentVariable("HUBLET_DATA");
    if (line.global.dataFolder.isEmpty())
        line.global.dataFolder = service::DataFolder::defaultPath();
    bool optionsEnded = false;
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        const QString& word = arguments.at(i);
        optionsEnded = optionsEnded || word == u"--";
        if (optionsEnded)
            line.words.append(word);
        else if (word == u"--help" || word == u"-h")
            line.global.help = true;
        else if (word == u"--version")
            line.version = true;
        else if (word == u"--json")
            line.global.json = true;
        else if (word == u"--quiet")
            line.global.quiet = true;
        else if (word.startsWith(u"--data="))
            line.global.dataFolder = word.mid(7);
        else if (word != u"--data")
            line.words.append(word);
        else if (i + 1 < arguments.size())
            line.global.dataFolder = arguments.at(++i);
        else
            line.problem = QStringLiteral("--data needs a folder.");
    }
    if (line.problem.isEmpty() && line.global.dataFolder.isEmpty())
        line.problem = QStringLiteral("--data needs a folder.");
    line.global.dataFolder = QDir::cleanPath(QDir::current().absoluteFilePath(line.global.dataFolder));
    if (line.words.value(0) == u"help") { // "help token create" is "token create --help"
        line.words.removeFirst();
        line.global.help = true;
    }
    return line;
}

int wrongCommandLine(const app::GlobalOptions& global, const QString& problem)
{
    return app::print(api::control::errorOutput(Error(ErrorCode::InvalidArgument, problem)), global);
}

} // namespace

int main(int argc, char** argv)
{
    app::hardenProcess();
    QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("hubletd"));
    QCoreApplication::setApplicationVersion(QStringLiteral(HUBLET_VERSION));

    const CommandLine line = readCommandLine(QCoreApplication::arguments());
    if (line.version)
        return app::print(stdout, QStringLiteral("hubletd " HUBLET_VERSION), ExitCode::Success);
    if (!line.problem.isEmpty())
        return wrongCommandLine(line.global, line.problem);
    if (line.words.isEmpty() && line.global.help)
        return app::print(stdout, overview(), ExitCode::Success);
    if (line.words.isEmpty() && line.global.json)
        return wrongCommandLine(line.global,
                                QStringLiteral("Name a command. 'hubletd --help' lists all of them."));
    if (line.words.isEmpty())
        return app::print(stderr, overview(), ExitCode::Usage);
    return line.words.first() == u"serve" ? app::serve(line.global, line.words.mid(1))
                                          : app::administer(line.global, line.words);
}
