// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <optional>

namespace hublet::app {

/// What the command line of the window says.
struct WindowOptions {
    QString dataFolder;
    std::optional<quint16> port; ///< 0: any free one
    bool stopped = false;
    bool namesDisplay = false; ///< by an option of Qt: "-platform offscreen", "-display :1"
};

/// Printed instead of opening a window.
struct CommandLineAnswer {
    QString text;
    bool isError = false; ///< the command line is wrong
};

/// Options that begin with one dash and are not Hublet's.
enum class ForeignOptions {
    LeaveToQt, ///< "-platform xcb"
    Refuse,    ///< QApplication has taken its own out
};

/// Reads the arguments, the program's name first. Needs no display and no QCoreApplication.
[[nodiscard]] std::optional<CommandLineAnswer>
readCommandLine(const QStringList& arguments, ForeignOptions foreign, WindowOptions& options);

} // namespace hublet::app
