// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crash/world.h"

namespace hublet::crash {

struct WorkerOptions {
    quint32 seed = 1;
    int firstCycle = 0;
    int cycles = 1;
    bool rowFirst = false;   ///< the seeded mutant: rows and answer before the file has its name
    bool wrongBytes = false; ///< a byte of each LFS upload is changed on its way: it must be refused
};

/// Does what clients make the server do, over and over, and says so on standard output when it is durable,
/// one line each:
///
///     ack upload <cycle> <sha256>@<path in the store>
///     ack commit <cycle> <commit id> <sha256>@<path> ...
///     ack drop <cycle>            (the folder of that cycle is gone from the head)
///     ack remove <package>
///     ack sweep <contents>
///     error <step> <cycle> <code>
///
/// Each line is one write(2), so that a killed process leaves whole lines.
class Worker {
public:
    Worker(World& world, const WorkerOptions& options) : m_world(world), m_options(options) {}

    /// Number of steps that ended in an error; the run goes on after each.
    [[nodiscard]] int run();

private:
    [[nodiscard]] Result<QByteArray> upload(int cycle);
    [[nodiscard]] Result<QByteArray> uploadRowFirst(int cycle);
    [[nodiscard]] Result<QByteArray> commit(int cycle);
    [[nodiscard]] Result<QByteArray> drop(int cycle);
    [[nodiscard]] Result<QByteArray> removePackage(int cycle);
    [[nodiscard]] Result<QByteArray> sweep();
    /// "<sha256>@<path>" for the acknowledgement.
    [[nodiscard]] QByteArray whereIs(const Sha256& sha256) const;
    void step(const char* name, int cycle, Result<QByteArray> (Worker::*work)(int));

    World& m_world;
    const WorkerOptions m_options;
    int m_errors = 0;
};

} // namespace hublet::crash
