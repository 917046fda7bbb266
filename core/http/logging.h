// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLoggingCategory>

namespace hublet::http {

Q_DECLARE_LOGGING_CATEGORY(logHttp) // "hublet.http"

} // namespace hublet::http
