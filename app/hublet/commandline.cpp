// SPDX-License-Identifier: Apache-2.0
#include "app/hublet/commandline.h"

#include "core/service/context/datafolder.h"

#include <QStringList>

namespace hublet::app {

namespace {

QString overview()
{
    return QStringLiteral(
               "Usage: hublet [options]\n\n"
               "Keeps models and datasets and serves them to Hugging Face clients, in a window.\n\n"
               "Options:\n"
               "  --data <folder>   Data folder (default: $HUBLET_DATA, else %1)\n"
               "  --port <number>   Port, instead of the one in the settings; 0: any free one\n"
               "  --stopped         Do not start the server\n"
               "  -h, --help        Explain the options\n"
               "  -v, --version     Say which version this is")
        .arg(service::DataFolder::defaultPath());
}

CommandLineAnswer wrong(const QString& text)
{
    return {text + QStringLiteral(" 'hublet --help' explains the options."), true};
}

} // namespace

std::optional<CommandLineAnswer> readCommandLine(const QStringList& arguments, ForeignOptions foreign,
                                                 WindowOptions& options)
{
    options.dataFolder = qEnvironmentVariable("HUBLET_DATA");
    if (options.dataFolder.isEmpty())
        options.dataFolder = service::DataFolder::defaultPath();
    for (qsizetype i = 1; i < arguments.size(); ++i) {
        const QString name = arguments.at(i).section(u'=', 0, 0);
        if (name == u"--help" || name == u"-h")
            return CommandLineAnswer{overview()};
        if (name == u"--version" || name == u"-v")
            return CommandLineAnswer{QStringLiteral("hublet " HUBLET_VERSION)};
        if (name == u"--stopped") {
            options.stopped = true;
            continue;
        }
        if (name != u"--data" && name != u"--port") {
            const bool mayBeForeign = name.startsWith(u'-') && !name.startsWith(u"--");
            if (!mayBeForeign || foreign == ForeignOptions::Refuse)
                return wrong(QStringLiteral("There is no option %1.").arg(name));
            options.namesDisplay = options.namesDisplay || name == u"-platform" || name == u"-display";
            if (!arguments.value(i + 1).startsWith(u'-'))
                ++i; // its value
            continue;
        }
        const bool isJoined = name.size() < arguments.at(i).size();
        if (!isJoined && i + 1 == arguments.size())
            return wrong(QStringLiteral("%1 needs a value.").arg(name));
        const QString value = isJoined ? arguments.at(i).mid(name.size() + 1) : arguments.at(++i);
        if (value.isEmpty())
            return wrong(QStringLiteral("%1 needs a value.").arg(name));
        if (name == u"--data") {
            options.dataFolder = value;
            continue;
        }
        bool isNumber = false;
        options.port = value.toUShort(&isNumber);
        if (!isNumber)
            return wrong(QStringLiteral("--port is a number from 0 to 65535."));
    }
    return std::nullopt;
}

} // namespace hublet::app
