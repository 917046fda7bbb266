// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/services.h"

#include <QSemaphore>

#include <algorithm>
#include <atomic>
#include <memory>

namespace hublet::test {

/// Stops the next conversion of storage right where it begins, so that a test can look at it. The list of
/// transfers shows it as running, with nothing converted yet.
class HeldConversion {
public:
    explicit HeldConversion(service::Services& services)
        : m_connection(QObject::connect(&services.events(), &service::EventBus::conversionChanged,
                                        [&services, gate = m_gate](const QString&) {
                                            if (isRunning(services) && !gate->isHeld.exchange(true))
                                                gate->open.acquire();
                                        }))
    {
    }
    ~HeldConversion() { release(); }
    HeldConversion(const HeldConversion&) = delete;
    HeldConversion& operator=(const HeldConversion&) = delete;

    [[nodiscard]] bool isHeld() const { return m_gate->isHeld; }
    void release()
    {
        QObject::disconnect(m_connection);
        m_gate->open.release();
    }

private:
    struct Gate {
        std::atomic_bool isHeld = false;
        QSemaphore open;
    };
    static bool isRunning(service::Services& services)
    {
        const auto transfers = services.transfers().snapshot();
        return std::any_of(transfers.begin(), transfers.end(), [](const service::TransferInfo& transfer) {
            return transfer.direction == service::TransferDirection::Conversion && transfer.endedMs == 0;
        });
    }

    std::shared_ptr<Gate> m_gate = std::make_shared<Gate>();
    QMetaObject::Connection m_connection;
};

} // namespace hublet::test
