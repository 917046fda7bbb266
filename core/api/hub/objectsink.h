// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"
#include "core/http/bodysink.h"
#include "core/service/uploads/uploads.h"

#include <memory>

namespace hublet::api {

/// Takes the body of one PUT to a signed URL, an LFS object or a part of one, into the store.
class ObjectSink : public http::BodySink {
public:
    ObjectSink(const Call& call, std::unique_ptr<service::ObjectUpload> upload);

    [[nodiscard]] Result<void> append(QByteArrayView bytes) override { return m_upload->append(bytes); }
    [[nodiscard]] Result<void> appendBlock(QByteArray& block) override
    {
        return m_upload->appendBlock(block);
    }
    [[nodiscard]] http::Response finish() override;
    [[nodiscard]] http::Response failed(const Error& error) override;
    void abort() override { m_upload.reset(); }

private:
    const Call m_call;
    std::unique_ptr<service::ObjectUpload> m_upload;
};

} // namespace hublet::api
