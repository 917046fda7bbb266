// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/http/response.h"

#include <QByteArray>

#include <memory>
#include <utility>

namespace hublet::api {

/// Of JSON that is made while it is sent: one piece, but for the last item in it. Bytes.
inline constexpr qsizetype kJsonPieceBytes = 256 * 1024;

/// Makes an answer of JSON while it is sent: a client that does not read holds up a piece or two of it, not
/// all. `Source` has `next()`, the next bytes or an error, empty at the end, and `isDone()`. The first piece
/// is made at once, and an error in it is handed on; a later one cuts the connection. `source` is used after
/// the request is gone: it must not look at it.
template <typename Source>
Result<http::Response> jsonInPieces(const std::shared_ptr<Source>& source)
{
    Result<QByteArray> first = source->next();
    if (!first)
        return forward(first);
    if (source->isDone())
        return http::Response::json(200, std::move(*first));
    auto produce = [source, first = std::move(*first)]() mutable -> Result<QByteArray> {
        return first.isEmpty() ? source->next() : Result<QByteArray>(std::exchange(first, {}));
    };
    return http::Response::produced(200, std::move(produce), "application/json; charset=utf-8");
}

} // namespace hublet::api
