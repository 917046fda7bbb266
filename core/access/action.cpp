// SPDX-License-Identifier: Apache-2.0
#include "core/access/actionset.h"

#include <array>

namespace hublet::access {

namespace {

struct ActionName {
    Action action;
    QLatin1String name;  ///< what is written
    QLatin1String label; ///< accepted as well
};

constexpr std::array<ActionName, 6> ActionNames{{
    {Action::Read, QLatin1String("READ"), QLatin1String("READ")},
    {Action::Annotate, QLatin1String("ANNOTATE"), QLatin1String("ANNOTATE")},
    {Action::Write, QLatin1String("WRITE"), QLatin1String("DEPLOY/CACHE")},
    {Action::Delete, QLatin1String("DELETE"), QLatin1String("DELETE/OVERWRITE")},
    {Action::Scan, QLatin1String("SCAN"), QLatin1String("MANAGE XRAY METADATA")},
    {Action::Manage, QLatin1String("MANAGE"), QLatin1String("MANAGE")},
}};

} // namespace

QString actionName(Action action)
{
    for (const ActionName& entry : ActionNames) {
        if (entry.action == action)
            return entry.name;
    }
    Q_UNREACHABLE();
}

std::optional<Action> actionFromName(QStringView name)
{
    for (const ActionName& entry : ActionNames) {
        if (name.compare(entry.name, Qt::CaseInsensitive) == 0 ||
            name.compare(entry.label, Qt::CaseInsensitive) == 0)
            return entry.action;
    }
    return std::nullopt;
}

QStringList ActionSet::names() const
{
    QStringList names;
    for (const ActionName& entry : ActionNames) {
        if (contains(entry.action))
            names += entry.name;
    }
    return names;
}

std::optional<ActionSet> ActionSet::fromNames(const QStringList& names)
{
    ActionSet actions;
    for (const QString& name : names) {
        const auto action = actionFromName(name);
        if (!action)
            return std::nullopt;
        actions.insert(*action);
    }
    return actions;
}

} // namespace hublet::access
