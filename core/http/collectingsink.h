// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/workerpool.h"
#include "core/http/bodybudget.h"
#include "core/http/bodysink.h"
#include "core/http/reply.h"

#include <QByteArray>

#include <memory>

namespace hublet::http {

/// Gathers a small body in memory and hands it to a function: Reply::readBody().
class CollectingSink : public BodySink {
public:
    /// `room`: for all of the body, given back when the work is done. `pool` must outlive the sink.
    CollectingSink(Reply::Gather gather, std::unique_ptr<BodyBudget::Claim> room, WorkerPool& pool)
        : m_gather(std::move(gather)), m_room(std::move(room)), m_pool(pool)
    {
    }

    [[nodiscard]] Result<void> append(QByteArrayView bytes) override;
    [[nodiscard]] Response finish() override;
    [[nodiscard]] std::optional<Response> finishLater(const LateAnswer& later,
                                                      const CancelToken& gone) override;
    [[nodiscard]] Response failed(const Error& error) override;
    void abort() override {}

private:
    Reply::Gather m_gather;
    std::unique_ptr<BodyBudget::Claim> m_room;
    WorkerPool& m_pool;
    QByteArray m_body;
};

} // namespace hublet::http
