// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/response.h"

namespace hublet::api {

/// What every answer has that carries bytes somebody uploaded: a browser takes them for nothing but what they
/// are labelled, runs nothing in them and gives them to no page of another origin (reliability 3.2).
void setBlobHeaders(http::Response& response);

} // namespace hublet::api
