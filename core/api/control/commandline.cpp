// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/commandline.h"

#include "core/service/context/datafolder.h"
#include "core/service/setmeup.h"

#include <QFileInfo>

#include <algorithm>

namespace hublet::api::control {

Result<Arguments> Arguments::parse(const CommandSpec& spec, const QStringList& words)
{
    const auto wrong = [&](const QString& problem) {
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("%1\nUsage: %2").arg(problem, usageLine(spec)));
    };
    Arguments arguments;
    bool optionsEnded = false;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString& word = words.at(i);
        if (word == u"--" && !optionsEnded) {
            optionsEnded = true;
            continue;
        }
        if (!optionsEnded && word.size() > 1 && word.startsWith(u'-') && !word.startsWith(u"--"))
            return wrong(QStringLiteral("There is no option %1 here.").arg(word));
        if (optionsEnded || !word.startsWith(u"--")) {
            arguments.m_positional.append(word);
            continue;
        }
        const qsizetype equals = word.indexOf(u'=');
        const QString name = word.mid(2, equals < 0 ? -1 : equals - 2);
        const auto option = std::find_if(spec.options.begin(), spec.options.end(),
                                         [&](const OptionSpec& candidate) { return candidate.name == name; });
        if (option == spec.options.end())
            return wrong(QStringLiteral("There is no option --%1 here.").arg(name));
        QString value;
        if (option->valueName.isEmpty()) {
            if (equals >= 0)
                return wrong(QStringLiteral("The option --%1 takes no value.").arg(name));
        } else if (equals >= 0) {
            value = word.mid(equals + 1);
        } else if (i + 1 < words.size()) {
            value = words.at(++i);
        } else {
            return wrong(QStringLiteral("The option --%1 needs a value.").arg(name));
        }
        arguments.m_options.insert(name, value);
    }
    if (arguments.m_positional.size() < spec.arguments.size()) {
        return wrong(QStringLiteral("The argument <%1> is missing.")
                         .arg(spec.arguments.at(arguments.m_positional.size())));
    }
    if (arguments.m_positional.size() > spec.arguments.size()) {
        return wrong(QStringLiteral("'%1' is one argument too many.")
                         .arg(arguments.m_positional.at(spec.arguments.size())));
    }
    if (spec.needsOption && arguments.m_options.isEmpty())
        return wrong(QStringLiteral("Say with an option what to change."));
    return arguments;
}

QStringList Arguments::list(const QString& option) const
{
    QStringList items = m_options.value(option).split(u',', Qt::SkipEmptyParts);
    for (QString& item : items)
        item = item.trimmed();
    return items;
}

Result<bool> Arguments::toggle(const QString& option, bool fallback) const
{
    if (!has(option))
        return fallback;
    const QString word = value(option);
    if (word == u"on" || word == u"off")
        return word == u"on";
    return fail(ErrorCode::InvalidArgument, QStringLiteral("--%1 is either 'on' or 'off'.").arg(option));
}

QString hubletdOn(const QString& dataFolder)
{
    const QString byDefault = service::DataFolder::defaultPath();
    const QString place = QFileInfo(dataFolder).canonicalFilePath();
    if (dataFolder == byDefault || (!place.isEmpty() && place == QFileInfo(byDefault).canonicalFilePath()))
        return QStringLiteral("hubletd");
    return QStringLiteral("hubletd --data ") + service::bashText(dataFolder);
}

QString usageLine(const CommandSpec& spec)
{
    QString line = QStringLiteral("hubletd ") + spec.name;
    for (const QString& argument : spec.arguments)
        line += QStringLiteral(" <%1>").arg(argument);
    for (const OptionSpec& option : spec.options) {
        line += option.valueName.isEmpty()
                    ? QStringLiteral(" [--%1]").arg(option.name)
                    : QStringLiteral(" [--%1 <%2>]").arg(option.name, option.valueName);
    }
    return line;
}

QString helpText(const CommandSpec& spec)
{
    QString text = QStringLiteral("Usage: %1 [--json] [--quiet] [--data <folder>]\n\n%2\n")
                       .arg(usageLine(spec), spec.help);
    if (spec.options.isEmpty())
        return text;
    text += u'\n';
    for (const OptionSpec& option : spec.options) {
        const QString left = option.valueName.isEmpty()
                                 ? QStringLiteral("--%1").arg(option.name)
                                 : QStringLiteral("--%1 <%2>").arg(option.name, option.valueName);
        text += QStringLiteral("  %1  %2\n").arg(left, -26).arg(option.help);
    }
    return text;
}

} // namespace hublet::api::control
