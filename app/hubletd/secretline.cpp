// SPDX-License-Identifier: Apache-2.0
#include "app/hubletd/secretline.h"

#include "core/base/uniquefd.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>

#include <poll.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

namespace hublet::app {

namespace {

constexpr qsizetype MaxLineBytes = 4096; ///< more than any password may have

/// While it lives, the terminal does not echo, and signals that end the process wait.
class SilentTerminal {
public:
    SilentTerminal()
    {
        if (tcgetattr(STDIN_FILENO, &m_before) != 0)
            return; // no terminal
        m_isTerminal = true;
        sigset_t ending;
        sigemptyset(&ending);
        for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGQUIT})
            sigaddset(&ending, signal);
        pthread_sigmask(SIG_BLOCK, &ending, &m_signalsBefore);
        m_signals = UniqueFd(signalfd(-1, &ending, SFD_CLOEXEC));
        termios silent = m_before;
        silent.c_lflag &= ~tcflag_t(ECHO);
        std::fputs("Password: ", stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    ~SilentTerminal()
    {
        if (!m_isTerminal)
            return;
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &m_before);
        std::fputs("\n", stderr);
        pthread_sigmask(SIG_SETMASK, &m_signalsBefore, nullptr); // what has waited ends the process here
    }
    SilentTerminal(const SilentTerminal&) = delete;
    SilentTerminal& operator=(const SilentTerminal&) = delete;

    /// Is there input to read, or its end? Not when a signal came first.
    [[nodiscard]] bool waitForInput() const
    {
        if (!m_isTerminal)
            return true;
        std::array<pollfd, 2> waited{{{STDIN_FILENO, POLLIN, 0}, {m_signals.get(), POLLIN, 0}}};
        while (poll(waited.data(), waited.size(), -1) < 0) {
            if (errno != EINTR)
                return false;
        }
        return waited[1].revents == 0;
    }

private:
    bool m_isTerminal = false;
    termios m_before = {};
    sigset_t m_signalsBefore = {};
    UniqueFd m_signals;
};

} // namespace

QByteArray readSecretLine()
{
    const SilentTerminal terminal;
    QByteArray line;
    // Byte by byte: what follows the line is not ours.
    for (char c = 0; line.size() < MaxLineBytes && terminal.waitForInput();) {
        const ssize_t count = read(STDIN_FILENO, &c, 1);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0 || c == '\n')
            break;
        line.append(c);
    }
    return line;
}

} // namespace hublet::app
