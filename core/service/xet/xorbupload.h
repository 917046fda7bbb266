// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/context/transfers.h"
#include "core/store/intake/xorbupload.h"

#include <functional>

namespace hublet::service {

struct ServiceContext;

/// One xorb as a Xet client sends it, shown in the list of transfers. Not thread-safe; destroying it without
/// finish() leaves no trace.
class XorbUpload {
public:
    /// `received` is called when all has come and is stored.
    XorbUpload(const ServiceContext& context, store::XorbUpload upload,
               std::shared_ptr<TransferHandle> transfer, std::function<void()> received);
    ~XorbUpload();

    /// Errors: as store::XorbUpload.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// Durable when it returns. False when the xorb was stored before.
    [[nodiscard]] Result<bool> finish();

private:
    const ServiceContext& m_context;
    const std::shared_ptr<TransferHandle> m_transfer;
    store::XorbUpload m_upload;
    const std::function<void()> m_received;
    bool m_ended = false;
};

} // namespace hublet::service
