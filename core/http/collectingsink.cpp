// SPDX-License-Identifier: Apache-2.0
#include "core/http/collectingsink.h"

namespace hublet::http {

namespace {

constexpr int kNobodyWaits = 408; ///< an answer that has to be given and is not sent

} // namespace

Result<void> CollectingSink::append(QByteArrayView bytes)
{
    const qint64 maxBytes = m_gather.how.maxBytes;
    if (bytes.size() > maxBytes - m_body.size())
        return fail(ErrorCode::TooLarge, QStringLiteral("The body may have at most %1 bytes.").arg(maxBytes));
    m_body.append(bytes);
    return {};
}

Response CollectingSink::finish()
{
    return m_gather.work(std::move(m_body));
}

std::optional<Response> CollectingSink::finishLater(const LateAnswer& later, const CancelToken& gone)
{
    const std::shared_ptr<WorkerLane> lane = m_gather.how.lane;
    if (!lane)
        return finish();
    // The lane may be long; the sink ends here.
    const auto self = std::make_shared<CollectingSink>(std::move(*this));
    lane->post(m_pool, [self, later, gone] {
        later(gone.isCancelled() ? Response::empty(kNobodyWaits) : self->finish());
    });
    return std::nullopt;
}

Response CollectingSink::failed(const Error& error)
{
    return Response::refusal(413, error.detail());
}

} // namespace hublet::http
