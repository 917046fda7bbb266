// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "app/hubletd/commandlines.h"
#include "core/api/control/command.h"

#include <QByteArray>

#include <cstdio>

namespace hublet::app {

/// Writes all of the text now. False when it cannot be written; standard error says why.
[[nodiscard]] bool writeNow(std::FILE* stream, const QByteArray& text);

/// Writes the text, which need not end its last line, and returns `exitCode`; Failed when it cannot be
/// written: it may be a secret that nobody can ask for again.
[[nodiscard]] int print(std::FILE* stream, const QString& text, api::control::ExitCode exitCode);

/// Prints what a command answers, as the options ask for: JSON and successes to standard output, errors in
/// words to standard error. Returns the exit code.
[[nodiscard]] int print(const api::control::CommandOutput& output, const GlobalOptions& global);

} // namespace hublet::app
