// SPDX-License-Identifier: Apache-2.0
// hublet: the window with the server in the same process.

#include "app/host/hubserver.h"
#include "app/host/process.h"
#include "app/hublet/commandline.h"
#include "core/api/control/controlserver.h"
#include "ui/contrast.h"
#include "ui/dialogs/welcomedialog.h"
#include "ui/mainwindow.h"
#include "ui/translations.h"

#include <QApplication>
#include <QFile>
#include <QGridLayout>
#include <QMessageBox>

#include <algorithm>
#include <cstdio>

using namespace hublet;

namespace {

constexpr int MessageCharacters = 90; ///< width of a message

/// In a window, and on standard error for whoever started it from a shell.
int complain(const Error& error)
{
    std::fputs(("hublet: " + error.describe().toUtf8() + '\n').constData(), stderr);
    QMessageBox box(QMessageBox::Critical, QStringLiteral("Hublet"),
                    QCoreApplication::translate("main", "Hublet cannot start."));
    box.setInformativeText(error.detail());
    box.setTextFormat(Qt::PlainText);
    // A message box is as wide as its first line, and paths in the second would be broken anywhere.
    auto* width = new QSpacerItem(box.fontMetrics().averageCharWidth() * MessageCharacters, 0);
    if (auto* grid = qobject_cast<QGridLayout*>(box.layout()))
        grid->addItem(width, grid->rowCount(), 0, 1, grid->columnCount());
    box.exec();
    return int(api::control::exitCodeFor(error.code()));
}

int print(const app::CommandLineAnswer& answer)
{
    std::fputs((answer.text + u'\n').toLocal8Bit().constData(), answer.isError ? stderr : stdout);
    return int(answer.isError ? api::control::ExitCode::Usage : api::control::ExitCode::Success);
}

QStringList words(int argc, char** argv)
{
    QStringList list;
    for (int i = 0; i < argc; ++i)
        list.append(QFile::decodeName(argv[i]));
    return list;
}

/// Does the environment name where windows can be shown?
bool hasDisplay()
{
    const auto names = {"DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "QT_QPA_PLATFORM"};
    return std::any_of(names.begin(), names.end(),
                       [](const char* name) { return !qEnvironmentVariableIsEmpty(name); });
}

} // namespace

int main(int argc, char** argv)
{
    app::hardenProcess();
    app::WindowOptions line;
    // Before QApplication, which ends the program where there is no display.
    if (const auto answer = app::readCommandLine(words(argc, argv), app::ForeignOptions::LeaveToQt, line))
        return print(*answer);
    if (!line.namesDisplay && !hasDisplay()) {
        std::fputs("hublet: There is no display to open a window on. 'hubletd serve' serves without one.\n",
                   stderr);
        return int(api::control::ExitCode::Failed);
    }
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("hublet"));
    QApplication::setApplicationDisplayName(QStringLiteral("Hublet"));
    QApplication::setApplicationVersion(QStringLiteral(HUBLET_VERSION));
    QApplication::setOrganizationName(QStringLiteral("hublet"));
    QApplication::setDesktopFileName(QStringLiteral("hublet"));
    ui::installTranslations(application);
    ui::keepFaintTextReadable(application);

    if (const auto answer =
            app::readCommandLine(QApplication::arguments(), app::ForeignOptions::Refuse, line))
        return print(*answer);

    // Before any thread exists, so that every thread has the signals blocked.
    app::onTerminationSignal(&application, [] { QApplication::exit(); });
    service::Services::Options options;
    options.dataFolder = line.dataFolder;
    const auto services = service::Services::open(options);
    if (!services)
        return complain(services.error());

    app::HubServer::Overrides overrides;
    overrides.port = line.port;
    app::HubServer server(**services, overrides);
    api::control::ControlServer control(**services, &server);
    if (const auto listening =
            control.listen(service::DataFolder::controlSocket((*services)->dataFolder().path()));
        !listening)
        return complain(listening.error());

    ui::MainWindow window(**services, server);
    window.show();
    if (!line.stopped)
        server.start();
    if ((*services)->firstRun()) {
        auto* welcome = new ui::WelcomeDialog(**services, server, &window);
        welcome->setAttribute(Qt::WA_DeleteOnClose);
        welcome->open();
    }
    return QApplication::exec();
}
