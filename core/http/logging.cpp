// SPDX-License-Identifier: Apache-2.0
#include "core/http/logging.h"

namespace hublet::http {

Q_LOGGING_CATEGORY(logHttp, "hublet.http", QtInfoMsg)

} // namespace hublet::http
