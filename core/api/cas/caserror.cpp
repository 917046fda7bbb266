// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/caserror.h"

#include <QLoggingCategory>

namespace hublet::api::cas {

namespace {

Q_LOGGING_CATEGORY(logCas, "hublet.api.cas")

int statusOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
    case ErrorCode::InvalidName:
    case ErrorCode::InvalidRevision:
    case ErrorCode::InvalidPath:
    case ErrorCode::InvalidHash:
    case ErrorCode::Malformed:
    case ErrorCode::Unsupported:
    case ErrorCode::LengthMismatch:
    case ErrorCode::DigestMismatch:
    case ErrorCode::ContentMissing:
        return 400;
    case ErrorCode::Unauthenticated:
    case ErrorCode::BadCredentials:
        return 401;
    case ErrorCode::Forbidden:
    case ErrorCode::Gated:
    case ErrorCode::Blocked:
        return 403;
    case ErrorCode::RepositoryNotFound:
    case ErrorCode::PackageNotFound:
    case ErrorCode::RevisionNotFound:
    case ErrorCode::EntryNotFound:
    case ErrorCode::NotFound:
    case ErrorCode::Corrupt: // damaged data is served to nobody, however often it is asked for
        return 404;
    case ErrorCode::AlreadyExists:
    case ErrorCode::Conflict:
    case ErrorCode::ParentMoved:
    case ErrorCode::ReadOnly:
        return 409;
    case ErrorCode::TooLarge:
    case ErrorCode::NoSpace:
    case ErrorCode::QuotaExceeded:
        return 413;
    case ErrorCode::RangeNotSatisfiable:
        return 416;
    default:
        return 500;
    }
}

} // namespace

http::Response encodeError(const Error& error)
{
    const int status = statusOf(error.code());
    if (status >= 500 || error.code() == ErrorCode::Corrupt)
        qCWarning(logCas).noquote() << "Answered" << status << '-' << error.describe();
    return http::Response::refusal(status, error.detail());
}

} // namespace hublet::api::cas
