// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace hublet::app {

/// The words of the command line that every command understands, taken out of the rest.
struct GlobalOptions {
    QString dataFolder; ///< a full path
    bool json = false;
    bool quiet = false; ///< no progress on standard error
    bool help = false;  ///< explain, do nothing
};

/// `hubletd serve`: opens the data folder and serves until a signal ends it. Returns the exit code.
[[nodiscard]] int serve(const GlobalOptions& global, const QStringList& words);

/// Every other command: through the running process when there is one, else on the data folder itself.
/// Returns the exit code.
[[nodiscard]] int administer(const GlobalOptions& global, const QStringList& words);

} // namespace hublet::app
