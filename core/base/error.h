// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

#include <memory>

namespace hublet {

/// Everything that can go wrong, named by what it means to the caller. One enum for the whole program:
/// each API maps it to its own status codes in one place.
enum class ErrorCode {
    // The request itself is wrong.
    InvalidArgument,
    InvalidName,     ///< repository key, package id, user, group
    InvalidRevision, ///< not a legal git ref name
    InvalidPath,     ///< file path inside a package (DECISIONS 16)
    InvalidHash,
    Malformed, ///< unparsable JSON, NDJSON, base64, header
    Unsupported,
    // Who is asking.
    Unauthenticated, ///< no credential where one is needed
    BadCredentials,  ///< unknown, expired or revoked credential
    Forbidden,       ///< known caller without the right
    Gated,
    Blocked, ///< refused by policy: scan, licence, pattern, disabled package
    // What is asked for.
    RepositoryNotFound,
    PackageNotFound,
    RevisionNotFound,
    EntryNotFound,
    NotFound, ///< anything else: user, token, discussion
    AlreadyExists,
    Conflict,
    ParentMoved, ///< parentCommit is not the head any more
    // What was sent.
    TooLarge,
    LengthMismatch,
    DigestMismatch,
    ContentMissing, ///< a commit names content that was never uploaded, or not by this caller
    RangeNotSatisfiable,
    // The world.
    QuotaExceeded,
    NoSpace,
    Io,
    Corrupt, ///< stored data does not match its digest or its schema
    ReadOnly, ///< the store stopped accepting writes after a failed fsync
    Database,
    Busy, ///< another process or an exclusive step holds it; retry later
    Cancelled,
    TimedOut,
    Unavailable,
    Internal,
};

/// Stable English word for logs, --json output and tests, e.g. "RevisionNotFound".
[[nodiscard]] const char* errorCodeName(ErrorCode code);

/// A failure: what kind, a sentence for a person, and what caused it. Cheap to copy, immutable.
class Error {
public:
    Error(ErrorCode code, QString detail) : m_code(code), m_detail(std::move(detail)) {}
    Error(ErrorCode code, QString detail, Error cause)
        : m_code(code), m_detail(std::move(detail)), m_cause(std::make_shared<const Error>(std::move(cause)))
    {
    }

    [[nodiscard]] ErrorCode code() const { return m_code; }
    /// One sentence, English, no secrets, no local paths: safe to send to a client.
    [[nodiscard]] const QString& detail() const { return m_detail; }
    [[nodiscard]] const Error* cause() const { return m_cause.get(); }
    /// Detail and all causes on one line, for the log.
    [[nodiscard]] QString describe() const;

private:
    ErrorCode m_code;
    QString m_detail;
    std::shared_ptr<const Error> m_cause;
};

} // namespace hublet
