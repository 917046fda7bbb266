// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/ioerror.h"

#include <QLoggingCategory>

#include <cerrno>

Q_LOGGING_CATEGORY(storeLog, "hublet.store")

namespace hublet::store {

Error ioError(const QString& doing, int errorNumber)
{
    const auto code = [&] {
        switch (errorNumber) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:
            return ErrorCode::NoSpace;
        case EROFS:
            return ErrorCode::ReadOnly;
        default:
            return ErrorCode::Io;
        }
    }();
    return Error(code, QStringLiteral("Cannot %1: %2").arg(doing, qt_error_string(errorNumber)));
}

tl::unexpected<Error> failIo(const QString& doing, int errorNumber)
{
    Error error = ioError(doing, errorNumber);
    qCWarning(storeLog, "%s", qUtf8Printable(error.detail()));
    return tl::unexpected<Error>(std::move(error));
}

} // namespace hublet::store
