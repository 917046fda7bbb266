// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QHash>
#include <QList>
#include <QString>
#include <QStringList>

namespace hublet::api::control {

struct OptionSpec {
    QString name;      ///< without the dashes
    QString valueName; ///< empty: a flag
    QString help;
};

/// What one command looks like on the command line; the help text is made from it.
struct CommandSpec {
    QString name;              ///< one or two words: "status", "token create"
    QStringList arguments;     ///< names of the positional arguments, all required
    QString help;              ///< one sentence
    QList<OptionSpec> options; ///< besides those that every command has
    bool needsOption = false;  ///< does nothing without one
};

/// The words after the command's name, checked against its CommandSpec.
class Arguments {
public:
    /// Errors: InvalidArgument with a sentence that names the wrong word.
    [[nodiscard]] static Result<Arguments> parse(const CommandSpec& spec, const QStringList& words);

    /// The `index`-th positional argument.
    [[nodiscard]] QString at(int index) const { return m_positional.at(index); }
    [[nodiscard]] bool has(const QString& option) const { return m_options.contains(option); }
    [[nodiscard]] QString value(const QString& option, const QString& fallback = {}) const
    {
        return m_options.value(option, fallback);
    }
    /// A comma-separated option as a list; empty when absent.
    [[nodiscard]] QStringList list(const QString& option) const;
    /// An option of the values "on" and "off"; `fallback` when absent. Error: InvalidArgument.
    [[nodiscard]] Result<bool> toggle(const QString& option, bool fallback) const;

private:
    QStringList m_positional;
    QHash<QString, QString> m_options;
};

/// How a shell calls hubletd on this data folder, a full path: "hubletd", where it is not the default with
/// --data.
[[nodiscard]] QString hubletdOn(const QString& dataFolder);
/// "hubletd token create <user> [--role <role>] ..."
[[nodiscard]] QString usageLine(const CommandSpec& spec);
/// Usage, explanation and options of one command.
[[nodiscard]] QString helpText(const CommandSpec& spec);

} // namespace hublet::api::control
