// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/control/command.h"

#include <QByteArray>
#include <QJsonObject>
#include <QStringList>

#include <optional>

/// How hubletd talks to the process that holds the data folder: JSON objects, one a line, over a local socket
/// that only its owner can open.
///
///     -> {"words": ["token", "list"], "input": "<base64>"}
///     <- {"progress": {"done": 10, "total": 100}}        any number of times; the first at once, with zeros
///     <- {"exit": 0, "text": "...", "output": ...}       once, then the server closes
///
/// A client that hangs up cancels its command.
namespace hublet::api::control::protocol {

inline constexpr qint64 MaxRequestBytes = 4 * 1024 * 1024;
inline constexpr qint64 MaxAnswerBytes = 256LL * 1024 * 1024;

struct Request {
    QStringList words;
    QByteArray input;
};

struct Progress {
    qint64 done = 0;
    qint64 total = 0;
};

[[nodiscard]] QByteArray encode(const Request& request);
[[nodiscard]] QByteArray encode(const Progress& progress);
[[nodiscard]] QByteArray encode(const CommandOutput& output);

[[nodiscard]] std::optional<Request> decodeRequest(QByteArrayView line);
[[nodiscard]] std::optional<Progress> decodeProgress(QByteArrayView line);
[[nodiscard]] std::optional<CommandOutput> decodeOutput(QByteArrayView line);

} // namespace hublet::api::control::protocol
