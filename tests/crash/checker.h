// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crash/inventory.h"

namespace hublet::crash {

/// Looks whether a data folder holds everything that was acknowledged, and nothing half done: every row has
/// its bytes, every commit all its files, every file on disk a row. Looks again after a sweep, and after
/// another a month later. Each sentence of problems() is a broken promise.
class Checker {
public:
    Checker(World& world, quint32 seed) : m_world(world), m_seed(seed) {}

    /// `acknowledged`: lines of Worker.
    void run(const QList<QByteArray>& acknowledged);

    [[nodiscard]] const QStringList& problems() const { return m_problems; }
    [[nodiscard]] QString summary() const;

private:
    /// Reads everything the store has and compares it with what was promised for good.
    [[nodiscard]] Inventory checkAll(const QList<QByteArray>& acknowledged);
    void checkAcknowledged(const QByteArray& line, const Inventory& inventory);
    void checkHistory(const catalog::Package& package, const Inventory& inventory);
    void checkTree(const catalog::Package& package, const catalog::Commit& commit,
                   const Inventory& inventory);
    /// What lasts as long as its cycle, and what comes as a whole or not at all.
    void checkLastCycle(const QList<QByteArray>& acknowledged, const Inventory& inventory);
    void checkUndamaged();
    /// Every row has its file, every file its row.
    void checkFiles();
    void problem(const QString& text) { m_problems += m_when + text; }

    World& m_world;
    const quint32 m_seed;
    QString m_when;
    int m_commits = 0;
    qsizetype m_contents = 0;
    qsizetype m_acknowledged = 0;
    QStringList m_problems;
};

} // namespace hublet::crash
