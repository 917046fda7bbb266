// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QObject>
#include <QString>

namespace hublet::service {

/// The switch of the embedded HTTP server, as the window and the command line see it. Implemented in app/. Lives in the
/// main thread; start and stop return at once and report through stateChanged.
class ServerControl : public QObject {
    Q_OBJECT
public:
    enum class State { Stopped, Starting, Serving, Stopping, Failed };
    Q_ENUM(State)
    using QObject::QObject;

    [[nodiscard]] virtual State state() const = 0;
    /// "http://127.0.0.1:8082"; also while stopped, as it will be.
    [[nodiscard]] virtual QString address() const = 0;
    /// Why the last start failed, as a sentence that says what to do; empty otherwise.
    [[nodiscard]] virtual QString problem() const = 0;
    virtual void start() = 0;
    virtual void stop() = 0;

signals:
    void stateChanged();
};

} // namespace hublet::service
