// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crash/world.h"

#include <QHash>
#include <QSet>
#include <QStringList>

namespace hublet::crash {

/// Everything that a store serves, read whole and compared with the names it is served by. What is known to
/// the database and cannot be read, or is not what its name says, is a problem: nothing half-there may be
/// served.
class Inventory {
public:
    [[nodiscard]] static Inventory take(World& world);

    [[nodiscard]] bool has(const Sha256& content) const { return m_contents.contains(content); }
    /// The content that is served under a Xet hash.
    [[nodiscard]] std::optional<Sha256> contentOf(const XetHash& file) const;
    [[nodiscard]] qsizetype contents() const { return m_contents.size(); }
    /// Xorbs that no file has a chunk in.
    [[nodiscard]] qsizetype idleXorbs() const { return m_idleXorbs; }
    [[nodiscard]] const QStringList& problems() const { return m_problems; }

private:
    explicit Inventory(World& world) : m_world(world) {}

    void readContents();
    void readFiles();
    void readXorbs();
    template <typename T>
    [[nodiscard]] std::vector<T> names(QStringView sql);
    void problem(const QString& what, const Error& error);

    World& m_world;
    QSet<Sha256> m_contents;
    QHash<XetHash, Sha256> m_files;
    qsizetype m_idleXorbs = 0;
    QStringList m_problems;
};

} // namespace hublet::crash
