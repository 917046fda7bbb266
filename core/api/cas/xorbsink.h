// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/bodysink.h"
#include "core/service/xet/xorbupload.h"

#include <memory>

namespace hublet::api::cas {

/// Takes the body of one xorb into the store. Chunks are checked as they come, on the worker pool: however
/// many clients send at once, no more than its threads decode, and the others are held back by TCP.
class XorbSink : public http::BodySink {
public:
    explicit XorbSink(std::unique_ptr<service::XorbUpload> upload) : m_upload(std::move(upload)) {}

    [[nodiscard]] Result<void> append(QByteArrayView bytes) override { return m_upload->append(bytes); }
    [[nodiscard]] http::Response finish() override;
    [[nodiscard]] http::Response failed(const Error& error) override;
    void abort() override { m_upload.reset(); }

private:
    std::unique_ptr<service::XorbUpload> m_upload;
};

} // namespace hublet::api::cas
