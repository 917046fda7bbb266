// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QtGlobal>

namespace hublet {

/// Where the time comes from; tests pass a clock they move by hand. Thread-safe.
/// All times in Hublet are milliseconds since 1970-01-01T00:00:00Z, in variables and columns named `...Ms`.
class Clock {
public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual qint64 nowMs() const = 0;
};

class SystemClock : public Clock {
public:
    [[nodiscard]] qint64 nowMs() const override;
};

/// "2026-01-31T08:15:00.000Z": the only form that every Hub client parses (hub-api 2.3).
[[nodiscard]] QByteArray isoTime(qint64 ms);

} // namespace hublet
