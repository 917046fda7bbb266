// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

#include <chrono>

/// What one client may take. Sources: reliability 2.1, overruled by DECISIONS 6, 7 and 18.
namespace hublet::http::limits {

using namespace std::chrono_literals;

inline constexpr qsizetype kKiB = 1024;
inline constexpr qsizetype kMiB = 1024 * kKiB;

// The head of a request.
inline constexpr qsizetype kTargetBytes = 8 * kKiB;   ///< longer: 414
inline constexpr qsizetype kHeaderBytes = 8 * kKiB;   ///< one header, name and value; longer: 431
inline constexpr qsizetype kHeadersBytes = 32 * kKiB; ///< all headers together; more: 431
inline constexpr int kHeaderCount = 100;              ///< more: 431

// Time.
inline constexpr std::chrono::milliseconds kHeadTime =
    10s; ///< for a whole head, not prolonged by bytes; else 408
inline constexpr std::chrono::milliseconds kKeepAliveIdleTime = 75s;
inline constexpr std::chrono::milliseconds kBodyIdleTime = 60s; ///< without any byte of a body
inline constexpr std::chrono::milliseconds kBodyRateWindow =
    30s; ///< over which kBodyMinBytesPerSecond is asked
inline constexpr std::chrono::milliseconds kAnswerStallTime =
    120s; ///< without kAnswerMinBytesPerSecond: reset
inline constexpr qint64 kBodyMinBytesPerSecond = kKiB;
inline constexpr qint64 kAnswerMinBytesPerSecond = kKiB;
inline constexpr std::chrono::milliseconds kStopTime =
    5s; ///< that running exchanges get to finish when stopping

// Connections.
inline constexpr int kConnections = 1024;          ///< beyond it the kernel's backlog waits
inline constexpr int kConnectionsPerAddress = 256; ///< off loopback; beyond it closed at once
inline constexpr int kRequestsPerConnection = 10'000;
inline constexpr int kListenBacklog = 1024;

// Memory of one exchange.
inline constexpr qsizetype kBodyBlockBytes = 256 * kKiB; ///< largest piece given to a BodySink
/// Waiting for a BodySink, of one body; then the client is held back. Eight MiB are what a disk takes in
/// while it is busy with its journal.
inline constexpr qsizetype kBodyQueueMostBytes = 8 * kMiB;
inline constexpr qsizetype kBodyQueueLeastBytes = kMiB;      ///< when many bodies arrive at once
inline constexpr qsizetype kBodyQueueTotalBytes = 32 * kMiB; ///< of all bodies, but for the least
// Bodies that are gathered whole: they are read when there is room for all of them.
inline constexpr qint64 kGatheredTotalBytes = 48 * kMiB;     ///< of callers with a credential, together
inline constexpr qint64 kGatheredStrangersBytes = 16 * kMiB; ///< of all others, together
inline constexpr qint64 kFreeBodyBytes = 32 * kKiB;          ///< a body that needs no room among those
inline constexpr qint64 kDiscardBytes = 64 * kMiB; ///< of an unwanted body that are read before closing
inline constexpr qsizetype kReadBlockBytes =
    512 * kKiB;                                        ///< of files, read ahead of the client; see README.md
inline constexpr qsizetype kProducedAheadBytes = kMiB; ///< produced ahead of the client, plus one piece

// What upper layers pass to Reply::readBody (DECISIONS 18 has none for NDJSON commits: stream those).
inline constexpr qint64 kJsonBodyBytes = 8 * kMiB;
inline constexpr qint64 kSmallJsonBodyBytes =
    256 * kKiB; ///< where a person writes a text, or a program a few fields

} // namespace hublet::http::limits
