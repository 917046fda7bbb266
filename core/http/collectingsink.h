// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/bodysink.h"
#include "core/http/reply.h"

#include <QByteArray>

namespace hublet::http {

/// Gathers a small body in memory and hands it to a function: Reply::readBody().
class CollectingSink : public BodySink {
public:
    CollectingSink(qint64 maxBytes, Reply::BodyWork work) : m_maxBytes(maxBytes), m_work(std::move(work)) {}

    [[nodiscard]] Result<void> append(QByteArrayView bytes) override;
    [[nodiscard]] Response finish() override;
    [[nodiscard]] Response failed(const Error& error) override;
    void abort() override {}

private:
    const qint64 m_maxBytes;
    Reply::BodyWork m_work;
    QByteArray m_body;
};

} // namespace hublet::http
