// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/control/commandline.h"
#include "core/api/control/exitcode.h"
#include "core/base/cancel.h"
#include "core/base/result.h"

#include <QJsonValue>

#include <functional>
#include <vector>

namespace hublet::service {
class Services;
class ServerControl;
} // namespace hublet::service

namespace hublet::api::control {

/// What a command answers: the same facts for a person and for a program.
struct CommandOutput {
    QString text;    ///< lines for a person, without the last line feed
    QJsonValue json; ///< what --json prints
    ExitCode exitCode = ExitCode::Success;
};

/// What a running command has at hand.
struct CommandContext {
    service::Services& services;
    const service::ServerControl* server = nullptr; ///< null when no server runs in this process
    const Arguments& arguments;
    QByteArray input; ///< a line of hubletd's standard input, for secrets (never in argv)
    ProgressFunction progress;
    CancelToken cancel;
};

/// One administrative command. The function runs on a worker thread and may take long.
struct Command {
    CommandSpec spec;
    std::function<Result<CommandOutput>(CommandContext&)> run;
    bool readsInput = false; ///< wants CommandContext::input
};

/// All commands that work on an open data folder, in the order of the help text. The same code answers in a
/// hubletd of its own and in a running server or window (ControlServer).
class CommandTable {
public:
    CommandTable();

    [[nodiscard]] const std::vector<Command>& commands() const { return m_commands; }
    /// The command that `words` begin with and how many words its name took; nullptr when there is none.
    [[nodiscard]] std::pair<const Command*, int> find(const QStringList& words) const;
    /// A line for each command, or for each whose name begins with the word `group`; empty when there is
    /// none.
    [[nodiscard]] QString overview(const QString& group = {}) const;

private:
    std::vector<Command> m_commands;
};

/// Runs the command that `words` name and turns an error into an output with its exit code and JSON
/// {"error": {"code": ..., "message": ...}}.
[[nodiscard]] CommandOutput runCommand(const CommandTable& table, service::Services& services,
                                       const service::ServerControl* server, const QStringList& words,
                                       const QByteArray& input, const ProgressFunction& progress,
                                       const CancelToken& cancel);
[[nodiscard]] CommandOutput errorOutput(const Error& error);

// The groups; each in a file of its own.
[[nodiscard]] std::vector<Command> repositoryCommands();
[[nodiscard]] std::vector<Command> accountCommands();
[[nodiscard]] std::vector<Command> tokenCommands();
[[nodiscard]] std::vector<Command> permissionCommands();
[[nodiscard]] std::vector<Command> maintenanceCommands();

} // namespace hublet::api::control
