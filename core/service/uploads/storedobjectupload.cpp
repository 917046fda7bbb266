// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/storedobjectupload.h"

#include "core/catalog/writing/claimwriter.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/storestate.h"
#include "core/store/contentstore.h"

namespace hublet::service {

StoredObjectUpload::StoredObjectUpload(const ServiceContext& context, What what,
                                       std::shared_ptr<TransferHandle> transfer)
    : m_context(context), m_what(std::move(what)), m_transfer(std::move(transfer)),
      m_writer(context.store.writer(m_what.form))
{
}

StoredObjectUpload::~StoredObjectUpload()
{
    if (!m_finished)
        m_transfer->fail(QStringLiteral("The client ended the upload early"));
}

Result<void> StoredObjectUpload::begin()
{
    return m_writer.begin(m_what.size);
}

Result<void> StoredObjectUpload::append(QByteArrayView bytes)
{
    return noteAppended(m_writer.append(bytes), bytes.size());
}

Result<void> StoredObjectUpload::appendBlock(QByteArray& block)
{
    const qsizetype size = block.size();
    return noteAppended(m_writer.appendBlock(block), size);
}

Result<void> StoredObjectUpload::noteAppended(Result<void> appended, qsizetype bytes)
{
    if (appended)
        m_transfer->add(bytes);
    else
        m_transfer->fail(appended.error().detail());
    return appended;
}

Result<QByteArray> StoredObjectUpload::finish()
{
    m_finished = true;
    auto etag = keep();
    if (!etag) {
        m_transfer->fail(etag.error().detail());
        reportStoreState(m_context);
    }
    return etag;
}

Result<QByteArray> StoredObjectUpload::keep()
{
    const auto content = m_writer.end(m_what.expected);
    if (!content)
        return forward(content);
    if (const auto published = m_writer.publish(); !published)
        return forward(published);
    if (const auto claimed = m_context.claimWriter.claim(m_what.claimant, content->sha256, m_writer);
        !claimed)
        return forward(claimed);
    return m_what.expected ? QByteArray() : content->sha256.toHex();
}

} // namespace hublet::service
