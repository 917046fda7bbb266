// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/uniquefd.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QString>

#include <chrono>
#include <utility>

namespace hublet::http {

struct RawResponse {
    int status = 0;
    QList<std::pair<QByteArray, QByteArray>> headers;
    QByteArray body;       ///< with the chunked coding taken off
    bool complete = false; ///< as long as its framing says

    /// The first header of that name; null when absent.
    [[nodiscard]] QByteArray header(QByteArrayView name) const;
};

/// A client that sends exactly the bytes it is told to. Waits at most kPatience for anything.
class RawClient {
public:
    static constexpr std::chrono::milliseconds kPatience{10'000};

    explicit RawClient(quint16 port, const QByteArray& address = "127.0.0.1");

    [[nodiscard]] bool isConnected() const { return m_socket.isValid(); }
    [[nodiscard]] int fd() const { return m_socket.get(); }
    /// False when the server no longer takes bytes.
    bool send(QByteArrayView bytes);
    /// Sends what fits without waiting; the number of bytes.
    qint64 sendSome(QByteArrayView bytes);
    /// The next answer. `headersOnly`: to a HEAD request. Interim answers (1xx) are answers too.
    [[nodiscard]] RawResponse read(bool headersOnly = false);
    [[nodiscard]] RawResponse get(QByteArrayView path, QByteArrayView moreHeaders = {},
                                  QByteArrayView method = "GET");
    /// Did the server close, with nothing left to read? Waits for it.
    [[nodiscard]] bool isClosed();
    /// Is there nothing to read and the connection open, for this long?
    [[nodiscard]] bool isQuiet(int milliseconds = 0);
    /// Resets the connection instead of closing it.
    void reset();
    void close() { m_socket.reset(); }

private:
    bool fill();
    bool fillUntil(QByteArrayView mark);

    UniqueFd m_socket;
    QByteArray m_buffer;
};

} // namespace hublet::http
