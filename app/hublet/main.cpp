// SPDX-License-Identifier: Apache-2.0
// hublet: the window with the server in the same process.

#include "app/host/hubserver.h"
#include "app/host/process.h"
#include "core/api/control/controlserver.h"
#include "ui/contrast.h"
#include "ui/dialogs/welcomedialog.h"
#include "ui/mainwindow.h"
#include "ui/translations.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QMessageBox>

#include <cstdio>

using namespace hublet;

namespace {

/// In a window, and on standard error for whoever started it from a shell.
int complain(const Error& error)
{
    std::fputs(("hublet: " + error.describe().toUtf8() + '\n').constData(), stderr);
    QMessageBox box(QMessageBox::Critical, QStringLiteral("Hublet"),
                    QCoreApplication::translate("main", "Hublet cannot start."));
    box.setInformativeText(error.detail());
    box.setTextFormat(Qt::PlainText);
    box.exec();
    return int(api::control::exitCodeFor(error.code()));
}

} // namespace

int main(int argc, char** argv)
{
    app::hardenProcess();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("hublet"));
    QApplication::setApplicationDisplayName(QStringLiteral("Hublet"));
    QApplication::setApplicationVersion(QStringLiteral(HUBLET_VERSION));
    QApplication::setOrganizationName(QStringLiteral("hublet"));
    QApplication::setDesktopFileName(QStringLiteral("hublet"));
    ui::installTranslations(application);
    ui::keepFaintTextReadable(application);

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate(
        "main", "Keeps models and datasets and serves them to Hugging Face clients."));
    const QCommandLineOption data(QStringLiteral("data"), QCoreApplication::translate("main", "Data folder."),
                                  QStringLiteral("folder"),
                                  qEnvironmentVariable("HUBLET_DATA", service::DataFolder::defaultPath()));
    const QCommandLineOption port(
        QStringLiteral("port"),
        QCoreApplication::translate("main", "Port, instead of the one in the settings."),
        QStringLiteral("number"));
    const QCommandLineOption stopped(QStringLiteral("stopped"),
                                     QCoreApplication::translate("main", "Do not start the server."));
    parser.addOptions({data, port, stopped});
    parser.addHelpOption();
    parser.addVersionOption();
    parser.process(application);

    // Before any thread exists, so that every thread has the signals blocked.
    app::onTerminationSignal(&application, [] { QApplication::quit(); });
    service::Services::Options options;
    options.dataFolder = parser.value(data);
    const auto services = service::Services::open(options);
    if (!services)
        return complain(services.error());

    app::HubServer::Overrides overrides;
    if (parser.isSet(port))
        overrides.port = parser.value(port).toUShort();
    app::HubServer server(**services, overrides);
    api::control::ControlServer control(**services, &server);
    if (const auto listening =
            control.listen(service::DataFolder::controlSocket((*services)->dataFolder().path()));
        !listening)
        return complain(listening.error());

    ui::MainWindow window(**services, server);
    window.show();
    if (!parser.isSet(stopped))
        server.start();
    if ((*services)->firstRun()) {
        auto* welcome = new ui::WelcomeDialog(**services, server, &window);
        welcome->setAttribute(Qt::WA_DeleteOnClose);
        welcome->open();
    }
    return QApplication::exec();
}
