// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/cas/casapi.h"
#include "core/api/hub/hubapi.h"
#include "core/http/server.h"
#include "core/service/context/servercontrol.h"
#include "core/service/services.h"

#include <memory>
#include <optional>
#include <thread>

namespace hublet::app {

/// The embedded HTTP server with the Hub and CAS APIs over one Services. Lives in the main thread.
class HubServer : public service::ServerControl {
    Q_OBJECT
public:
    /// What the command line says instead of the settings.
    struct Overrides {
        std::optional<quint16> port; ///< 0: any free port, for tests
        QStringList addresses;       ///< empty: as in the settings
    };

    HubServer(service::Services& services, Overrides overrides, QObject* parent = nullptr);
    /// Stops and waits: at most http::limits::kStopTime for answers, then for what still runs of requests.
    ~HubServer() override;

    [[nodiscard]] State state() const override { return m_state; }
    [[nodiscard]] QString address() const override;
    [[nodiscard]] QString problem() const override { return m_failure ? m_failure->describe() : QString(); }
    /// Why the last start() failed; nothing when it did not.
    [[nodiscard]] const std::optional<Error>& failure() const { return m_failure; }
    void start() override;
    void stop() override;

private:
    [[nodiscard]] http::ServerOptions options() const;
    [[nodiscard]] http::Reply dispatch(const http::Request& request) const;
    void setState(State state);

    service::Services& m_services;
    const Overrides m_overrides;
    api::HubApi m_api;
    api::cas::CasApi m_cas;
    std::unique_ptr<http::Server> m_server;
    std::thread m_stopping; ///< runs the graceful stop, so that the window does not wait for it
    State m_state = State::Stopped;
    std::optional<Error> m_failure;
};

} // namespace hublet::app
