// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/exitcode.h"

namespace hublet::api::control {

ExitCode exitCodeFor(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::InvalidName:
    case ErrorCode::InvalidRevision:
    case ErrorCode::InvalidPath:
    case ErrorCode::InvalidHash:
    case ErrorCode::Malformed:
        return ExitCode::Usage;
    case ErrorCode::RepositoryNotFound:
    case ErrorCode::PackageNotFound:
    case ErrorCode::RevisionNotFound:
    case ErrorCode::EntryNotFound:
    case ErrorCode::NotFound:
        return ExitCode::NotFound;
    case ErrorCode::AlreadyExists:
    case ErrorCode::Conflict:
    case ErrorCode::ParentMoved:
        return ExitCode::Exists;
    case ErrorCode::Corrupt:
    case ErrorCode::DigestMismatch:
        return ExitCode::Damaged;
    case ErrorCode::Busy:
        return ExitCode::Busy;
    case ErrorCode::Unauthenticated:
    case ErrorCode::BadCredentials:
    case ErrorCode::Forbidden:
    case ErrorCode::Gated:
    case ErrorCode::Blocked:
        return ExitCode::Refused;
    default:
        return ExitCode::Failed;
    }
}

} // namespace hublet::api::control
