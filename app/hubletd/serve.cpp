// SPDX-License-Identifier: Apache-2.0
#include "app/hubletd/commandlines.h"

#include "app/host/hubserver.h"
#include "app/host/process.h"
#include "app/hubletd/firstrun.h"
#include "app/hubletd/output.h"
#include "core/api/control/command.h"
#include "core/api/control/controlserver.h"
#include "core/service/setmeup.h"

#include <QCoreApplication>
#include <QHostAddress>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

namespace hublet::app {

namespace {

using api::control::ExitCode;

const api::control::CommandSpec& serveSpec()
{
    static const api::control::CommandSpec spec{
        QStringLiteral("serve"),
        {},
        QStringLiteral(
            "Serves until it is told to stop (SIGTERM, Ctrl+C). The first start on a data folder makes a "
            "repository hf-local and an administrator, and shows the first token once.\n\n"
            "The settings are the file settings.json in the data folder, read at the start:\n"
            "  port, addresses           what --port and --address say instead\n"
            "  allowedHosts              further names that clients may call this server by\n"
            "  allowedOrigins            origins whose web pages may read answers\n"
            "  trustedProxies            addresses of proxies whose X-Forwarded headers count\n"
            "  defaultRepository         what is served at the root\n"
            "  xetTokenSeconds, xetUrlSeconds  how long what Xet clients are given is good"),
        {{QStringLiteral("port"), QStringLiteral("number"),
          QStringLiteral("instead of the one in the settings (8082); 0: any free one")},
         {QStringLiteral("address"), QStringLiteral("list"),
          QStringLiteral(
              "addresses to listen on, instead of the settings (127.0.0.1,::1); 0.0.0.0 and :: are "
              "all of IPv4 and IPv6")}}};
    return spec;
}

bool say(const QString& text)
{
    return writeNow(stdout, (text + u'\n').toUtf8());
}

/// One JSON object a line.
bool say(const QJsonObject& object)
{
    return say(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
}

int complain(const Error& error, const GlobalOptions& global)
{
    const auto output = api::control::errorOutput(error);
    const bool isTold = global.json ? say(output.json.toObject())
                                    : writeNow(stderr, "hubletd: " + output.text.toUtf8() + '\n');
    return int(isTold ? output.exitCode : ExitCode::Failed);
}

/// Where the server is to be found. It serves whether anybody can read this or not.
bool greet(const service::Services& services, const QString& address, const GlobalOptions& global)
{
    if (global.json) {
        return say(QJsonObject{{QStringLiteral("address"), address},
                               {QStringLiteral("dataFolder"), services.dataFolder().path()}});
    }
    QString text =
        QStringLiteral("Hublet serves at %1 (data folder: %2)\n").arg(address, services.dataFolder().path());
    const auto& first = services.firstRun();
    if (!first) {
        return say(text + QStringLiteral("Repositories: %1 repository list\nA token: %1 token create <user>")
                              .arg(api::control::hubletdOn(services.dataFolder().path())));
    }
    text += QStringLiteral("\nPaste this to use it:\n\n");
    service::SetMeUpRequest request;
    request.address = address;
    request.repository = QStringLiteral("hf-local");
    request.token = first->token;
    for (const service::SetMeUpSnippet& snippet : service::setMeUp(request, service::SetMeUpShell::Bash))
        text += QStringLiteral("# %1\n%2\n\n").arg(snippet.title, snippet.text);
    return say(text.chopped(1));
}

Result<HubServer::Overrides> readOverrides(const api::control::Arguments& arguments)
{
    HubServer::Overrides overrides;
    if (arguments.has(QStringLiteral("port"))) {
        bool ok = false;
        overrides.port = arguments.value(QStringLiteral("port")).toUShort(&ok);
        if (!ok)
            return fail(ErrorCode::InvalidArgument, QStringLiteral("--port is a number from 0 to 65535."));
    }
    overrides.addresses = arguments.list(QStringLiteral("address"));
    for (const QString& address : overrides.addresses) {
        if (QHostAddress(address).isNull())
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("--address: '%1' is not an IP address.").arg(address));
    }
    return overrides;
}

} // namespace

int serve(const GlobalOptions& global, const QStringList& words)
{
    if (global.help)
        return print(stdout, api::control::helpText(serveSpec()), ExitCode::Success);
    const auto arguments = api::control::Arguments::parse(serveSpec(), words);
    if (!arguments)
        return complain(arguments.error(), global);
    const auto overrides = readOverrides(*arguments);
    if (!overrides)
        return complain(overrides.error(), global);

    // Before any thread exists, so that every thread has the signals blocked.
    onTerminationSignal(QCoreApplication::instance(), [] { QCoreApplication::quit(); });
    service::Services::Options options;
    options.dataFolder = global.dataFolder;
    const auto services = service::Services::open(options);
    if (!services)
        return complain(services.error(), global);
    for (const QString& warning : (*services)->warnings())
        std::fputs(("hubletd: " + warning.toUtf8() + '\n').constData(), stderr);
    // Before anything else may fail: nobody can ask for it again.
    if (const auto told = tellFirstRun(**services, stdout, global.json); !told)
        return complain(told.error(), global);

    HubServer server(**services, *overrides);
    server.start();
    if (server.state() != service::ServerControl::State::Serving)
        return complain(server.failure().value_or(Error(ErrorCode::Internal, server.problem())), global);
    api::control::ControlServer control(**services, &server);
    if (const auto listening =
            control.listen(service::DataFolder::controlSocket((*services)->dataFolder().path()));
        !listening)
        return complain(listening.error(), global);
    (void)greet(**services, server.address(), global);
    return QCoreApplication::exec();
}

} // namespace hublet::app
