// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFutureWatcher>

#include <utility>

namespace hublet::ui {

/// Calls `function` with the value of `future` in the GUI thread, always from the event loop, as long as
/// `context` lives. QFuture::then would answer inside the call when the value is there already, which models
/// must not do while they change rows, and it does not outlive its context in Qt 6.4.
template <typename Value, typename Function>
void whenDone(const QFuture<Value>& future, QObject* context, Function function)
{
    auto* watcher = new QFutureWatcher<Value>(context);
    QObject::connect(watcher, &QFutureWatcherBase::finished, context,
                     [watcher, function = std::move(function)]() mutable {
                         watcher->deleteLater();
                         if (watcher->future().resultCount() > 0)
                             function(watcher->result());
                     });
    watcher->setFuture(future);
}

} // namespace hublet::ui
