// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crash/world.h"

#include <QSet>
#include <QStringList>

namespace hublet::crash {

/// Looks whether a data folder holds everything that was acknowledged, and nothing half done: every row has
/// its bytes, every commit all its files, every file on disk a row. Each sentence of problems() is a broken
/// promise.
class Checker {
public:
    Checker(World& world, quint32 seed) : m_world(world), m_seed(seed) {}

    /// `acknowledged`: lines of Worker. Ends with a sweep, after which no file without a row may be left.
    void run(const QList<QByteArray>& acknowledged);

    [[nodiscard]] const QStringList& problems() const { return m_problems; }
    [[nodiscard]] QString summary() const;

private:
    void checkAcknowledged(const QByteArray& line);
    void checkContent(const Sha256& sha256, const QString& what);
    void checkHistory(const catalog::Package& package);
    void checkTree(const catalog::Package& package, const GitOid& commit, const QString& title);
    void checkStore();
    void problem(const QString& text) { m_problems += text; }

    World& m_world;
    const quint32 m_seed;
    QSet<Sha256> m_goodContents;
    int m_commits = 0;
    int m_acknowledged = 0;
    QStringList m_problems;
};

} // namespace hublet::crash
