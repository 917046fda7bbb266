// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"
#include "core/api/hub/lfsbatch.h"
#include "core/api/hub/lfsroutes.h"
#include "core/base/jsonwriter.h"
#include "core/service/uploads/quotaroom.h"
#include "core/service/xet/xetaccess.h"

namespace hublet::api {

/// Answers one LFS batch request object by object: what is refused, what needs no bytes, where the bytes go
/// or come from. Lives for one request, on one thread.
class LfsBatchAnswer {
public:
    /// `permit` allows Write for uploads, Read for downloads.
    LfsBatchAnswer(const PackageCall& call, const access::Permit& permit, const LfsOptions& options);

    /// URLs of parts in one answer, some 5 MB; objects beyond get one URL for the whole, which every client
    /// takes.
    static constexpr qint64 MaxPartUrls = 20'000;

    [[nodiscard]] Result<http::Response> answer(const LfsBatchRequest& request);

private:
    [[nodiscard]] Result<void> writeUpload(const Sha256& content, qint64 size, bool multipart);
    [[nodiscard]] Result<void> writeDownload(const Sha256& content, qint64 size);
    /// Is there room for the object besides those granted before? Errors: QuotaExceeded, NoSpace.
    [[nodiscard]] Result<void> checkRoom(qint64 size) const;
    void writeUploadAction(const service::UploadTicket& whole);
    /// Sends the client to the CAS; the same for every object.
    void writeXetAction(const service::XetGrant& grant);
    void writeError(int code, QStringView message);
    [[nodiscard]] QByteArray uploadUrl(const service::UploadTicket& ticket) const;

    const PackageCall& m_call;
    const access::Permit& m_permit;
    const LfsOptions& m_options;
    JsonWriter m_json;
    std::optional<service::XetGrant> m_xetGrant; ///< this batch is uploaded by Xet
    service::QuotaRoom m_quota;                  ///< of uploads
    qint64 m_grantedBytes = 0;
    qint64 m_partUrls = 0;
};

} // namespace hublet::api
