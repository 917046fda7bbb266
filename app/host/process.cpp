// SPDX-License-Identifier: Apache-2.0
#include "app/host/process.h"

#include <QSocketNotifier>

#include <csignal>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hublet::app {

namespace {

sigset_t terminationSignals()
{
    sigset_t set;
    sigemptyset(&set);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&set, signal);
    return set;
}

} // namespace

void hardenProcess()
{
    umask(077);
    prctl(PR_SET_DUMPABLE, 0);
    std::signal(SIGPIPE, SIG_IGN);
    // A file of a terabyte is some 16,000 xorbs, all open while it is served. Nothing here uses select().
    rlimit descriptors{};
    if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
        descriptors.rlim_cur = descriptors.rlim_max;
        setrlimit(RLIMIT_NOFILE, &descriptors);
    }
}

void onTerminationSignal(QObject* owner, std::function<void()> quit)
{
    // Blocked here and so in every thread started later: they arrive through the descriptor alone.
    const sigset_t ending = terminationSignals();
    pthread_sigmask(SIG_BLOCK, &ending, nullptr);
    const int descriptor = signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
    auto* notifier = new QSocketNotifier(descriptor, QSocketNotifier::Read, owner);
    QObject::connect(notifier, &QSocketNotifier::activated, owner, [descriptor, quit = std::move(quit)] {
        signalfd_siginfo info;
        while (read(descriptor, &info, sizeof info) == ssize_t(sizeof info))
            quit();
    });
}

} // namespace hublet::app
