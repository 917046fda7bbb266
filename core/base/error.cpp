// SPDX-License-Identifier: Apache-2.0
#include "core/base/error.h"

namespace hublet {

const char* errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument: return "InvalidArgument";
    case ErrorCode::InvalidName: return "InvalidName";
    case ErrorCode::InvalidRevision: return "InvalidRevision";
    case ErrorCode::InvalidPath: return "InvalidPath";
    case ErrorCode::InvalidHash: return "InvalidHash";
    case ErrorCode::Malformed: return "Malformed";
    case ErrorCode::Unsupported: return "Unsupported";
    case ErrorCode::Unauthenticated: return "Unauthenticated";
    case ErrorCode::BadCredentials: return "BadCredentials";
    case ErrorCode::Forbidden: return "Forbidden";
    case ErrorCode::Gated: return "Gated";
    case ErrorCode::Blocked: return "Blocked";
    case ErrorCode::RepositoryNotFound: return "RepositoryNotFound";
    case ErrorCode::PackageNotFound: return "PackageNotFound";
    case ErrorCode::RevisionNotFound: return "RevisionNotFound";
    case ErrorCode::EntryNotFound: return "EntryNotFound";
    case ErrorCode::NotFound: return "NotFound";
    case ErrorCode::AlreadyExists: return "AlreadyExists";
    case ErrorCode::Conflict: return "Conflict";
    case ErrorCode::ParentMoved: return "ParentMoved";
    case ErrorCode::TooLarge: return "TooLarge";
    case ErrorCode::LengthMismatch: return "LengthMismatch";
    case ErrorCode::DigestMismatch: return "DigestMismatch";
    case ErrorCode::ContentMissing: return "ContentMissing";
    case ErrorCode::RangeNotSatisfiable: return "RangeNotSatisfiable";
    case ErrorCode::QuotaExceeded: return "QuotaExceeded";
    case ErrorCode::NoSpace: return "NoSpace";
    case ErrorCode::Io: return "Io";
    case ErrorCode::Corrupt: return "Corrupt";
    case ErrorCode::ReadOnly: return "ReadOnly";
    case ErrorCode::Database: return "Database";
    case ErrorCode::Busy: return "Busy";
    case ErrorCode::Cancelled: return "Cancelled";
    case ErrorCode::TimedOut: return "TimedOut";
    case ErrorCode::Unavailable: return "Unavailable";
    case ErrorCode::Internal: return "Internal";
    }
    return "Internal";
}

QString Error::describe() const
{
    QString text = m_detail;
    for (const Error* error = cause(); error; error = error->cause())
        text += QStringLiteral(": ") + error->detail();
    return text;
}

} // namespace hublet
