// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMetaObject>
#include <QObject>

#include <utility>

namespace hublet::ui {

/// For QFuture::then: a continuation that always runs from the event loop of `context`. By itself a future that is ready
/// already answers inside the call to then(), which models must not do while they change rows.
template <typename Answer, typename Function>
[[nodiscard]] auto queued(QObject* context, Function function)
{
    return [context, function = std::move(function)](Answer answer) {
        QMetaObject::invokeMethod(
            context,
            [function, answer = std::move(answer)]() mutable { function(std::move(answer)); },
            Qt::QueuedConnection);
    };
}

} // namespace hublet::ui
