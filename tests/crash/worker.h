// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/crash/world.h"

#include <functional>

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
///     ack begin <cycle>           (the store's clock goes on by CycleMs)
///     ack upload <cycle> <content>
///     ack xorbs <cycle> <name of the file>@<path> ...
///     ack shard <cycle> <content> <Xet hash>
///     ack commit <cycle> <commit id> <content> ...
///     ack segments|whole|segmented <cycle> <content> ...
///     ack drop <cycle>            (the folder of that cycle is gone from the head)
///     ack remove <package>
///     ack sweep <cycle> [<content>]
///     error <step> <cycle> <code>
///
/// A content is <sha256>@<path in the store>.
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
    [[nodiscard]] Result<QByteArray> sweep(int cycle);
    void step(const char* name, int cycle, const std::function<Result<QByteArray>(int)>& work);

    World& m_world;
    const WorkerOptions m_options;
    int m_errors = 0;
};

} // namespace hublet::crash
