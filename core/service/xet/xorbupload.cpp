// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/xorbupload.h"

#include "core/service/context/storestate.h"

namespace hublet::service {

XorbUpload::XorbUpload(const ServiceContext& context, store::XorbUpload upload,
                       std::shared_ptr<TransferHandle> transfer, std::function<void()> received)
    : m_context(context), m_transfer(std::move(transfer)), m_upload(std::move(upload)),
      m_received(std::move(received))
{
}

XorbUpload::~XorbUpload()
{
    if (!m_ended)
        m_transfer->fail(QStringLiteral("The client ended the upload early"));
}

Result<void> XorbUpload::append(QByteArrayView bytes)
{
    auto appended = m_upload.append(bytes);
    if (appended)
        m_transfer->add(bytes.size());
    else
        m_transfer->fail(appended.error().detail());
    return appended;
}

Result<bool> XorbUpload::finish()
{
    m_ended = true;
    auto inserted = m_upload.finish();
    if (!inserted) {
        m_transfer->fail(inserted.error().detail());
        reportStoreState(m_context);
        return inserted;
    }
    m_received();
    return inserted;
}

} // namespace hublet::service
