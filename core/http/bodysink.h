// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/http/response.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <optional>

namespace hublet::http {

/// Gives an answer that took its time. To be called exactly once, from any thread.
using LateAnswer = std::function<void(Response answer)>;

/// Takes the body of one request piece by piece, as it arrives.
///
/// All calls run on the worker pool, strictly in order and never two at once for one sink, but not always on
/// the same thread. Each sink gets any number of append() and then exactly one of finishLater(), failed() and
/// abort(); then it is destroyed, on the worker pool too. While append() is busy at most
/// limits::kBodyQueueMostBytes wait for it; then the client is held back by TCP.
class BodySink {
public:
    virtual ~BodySink() = default;

    /// The next bytes, at most limits::kBodyBlockBytes. An error ends the body: failed() is called next.
    [[nodiscard]] virtual Result<void> append(QByteArrayView bytes) = 0;
    /// The same, and what is called: a sink that would copy the bytes may keep the array and leave another
    /// one in its place, best an empty one that has its memory already.
    [[nodiscard]] virtual Result<void> appendBlock(QByteArray& block) { return append(block); }
    /// The body is complete. Returns the answer.
    [[nodiscard]] virtual Response finish() = 0;
    /// The same, and what is called: a sink whose answer takes longer than a pool thread should be kept hands
    /// the work on, keeps `later` for it and returns nothing. `gone` is cancelled when nobody waits for the
    /// answer any more; it has to be given all the same.
    [[nodiscard]] virtual std::optional<Response> finishLater([[maybe_unused]] const LateAnswer& later,
                                                              [[maybe_unused]] const CancelToken& gone)
    {
        return finish();
    }
    /// An append() returned `error`. Returns the answer. It is sent when the next bytes of the body come, or
    /// at once where they wait already; the connection is closed after it when the body had more. Such an
    /// answer may only have a body of bytes.
    [[nodiscard]] virtual Response failed(const Error& error) = 0;
    /// The body will never be complete: the client has gone, its framing is broken or the server stops.
    virtual void abort() = 0;
};

} // namespace hublet::http
