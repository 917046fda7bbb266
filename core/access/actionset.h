// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/action.h"

#include <QStringList>

#include <cstdint>
#include <initializer_list>

namespace hublet::access {

/// A set of Actions in one byte. A value.
class ActionSet {
public:
    constexpr ActionSet() = default;
    constexpr ActionSet(std::initializer_list<Action> actions)
    {
        for (const Action action : actions)
            insert(action);
    }
    [[nodiscard]] static constexpr ActionSet all()
    {
        return {Action::Read, Action::Annotate, Action::Write, Action::Delete, Action::Scan, Action::Manage};
    }

    constexpr void insert(Action action) { m_bits = static_cast<std::uint8_t>(m_bits | bit(action)); }
    [[nodiscard]] constexpr bool contains(Action action) const { return (m_bits & bit(action)) != 0; }
    [[nodiscard]] constexpr bool isEmpty() const { return m_bits == 0; }
    [[nodiscard]] constexpr ActionSet united(ActionSet other) const
    {
        ActionSet both;
        both.m_bits = static_cast<std::uint8_t>(m_bits | other.m_bits);
        return both;
    }
    constexpr bool operator==(const ActionSet&) const = default;

    /// In the order of enum Action, e.g. {"READ", "WRITE"}.
    [[nodiscard]] QStringList names() const;
    /// Empty when a name is unknown; see actionFromName().
    [[nodiscard]] static std::optional<ActionSet> fromNames(const QStringList& names);

private:
    static constexpr unsigned bit(Action action) { return 1U << static_cast<unsigned>(action); }

    std::uint8_t m_bits = 0;
};

} // namespace hublet::access
