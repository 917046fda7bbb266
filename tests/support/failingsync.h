// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cerrno>

#include <sys/syscall.h>
#include <unistd.h>

namespace hublet::test {

/// While one lives, fsync() fails in this program as on a broken disk. To be included in one source file of a
/// program: it replaces the function of the C library.
class FailingSync {
public:
    FailingSync() { s_isOn = true; }
    ~FailingSync() { s_isOn = false; }
    FailingSync(const FailingSync&) = delete;
    FailingSync& operator=(const FailingSync&) = delete;

    [[nodiscard]] static bool isOn() { return s_isOn; }

private:
    inline static std::atomic_bool s_isOn = false;
};

} // namespace hublet::test

extern "C" int fsync(int fd)
{
    if (!hublet::test::FailingSync::isOn())
        return int(::syscall(SYS_fsync, fd));
    errno = EIO;
    return -1;
}
