// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/lfsbatchanswer.h"

#include "core/api/hub/huburls.h"
#include "core/api/hub/xetheaders.h"
#include "core/base/clock.h"
#include "core/service/services.h"

namespace hublet::api {
namespace {

/// Long enough for a client that asks for 256 URLs at once and then sends one large file after the other;
/// what is not in a commit by then is swept anyway (DECISIONS 20). A URL is good for one object only, and no
/// longer than the token that it was asked for with.
constexpr qint64 TicketLifeMs = 24LL * 3600 * 1000;

constexpr QByteArrayView ContentType = "application/vnd.git-lfs+json";

constexpr int NotFoundCode = 404;
constexpr int InvalidCode = 422;
constexpr int NoRoomCode = 507;

bool isNoRoom(const Error& error)
{
    return error.code() == ErrorCode::QuotaExceeded || error.code() == ErrorCode::NoSpace;
}

} // namespace

LfsBatchAnswer::LfsBatchAnswer(const PackageCall& call, const access::Permit& permit,
                               const LfsOptions& options)
    : m_call(call), m_permit(permit), m_options(options)
{
}

Result<http::Response> LfsBatchAnswer::answer(const LfsBatchRequest& request)
{
    const bool upload = request.operation == LfsBatchRequest::Operation::Upload;
    if (upload && request.acceptsXet && servesXet(m_call))
        m_xetGrant = m_call.services().xetAccess().grant(m_permit, m_call.id());
    if (upload) {
        const auto quota = m_call.services().uploads().quotaRoom(m_permit);
        if (!quota)
            return forward(quota);
        m_quota = *quota;
    }
    // Parts or not is said for each object by having them; for both, "basic" is what every client knows.
    m_json.beginObject().key("transfer").utf8(m_xetGrant ? "xet" : "basic").key("objects").beginArray();
    for (const LfsBatchRequest::Object& object : request.objects) {
        m_json.beginObject().key("oid").utf8(object.oid).key("size").value(object.size);
        const auto content = Sha256::fromHex(object.oid);
        if (!content) {
            writeError(InvalidCode, u"The oid is not a SHA-256");
        } else {
            const auto written = upload ? writeUpload(*content, object.size, request.acceptsMultipart)
                                        : writeDownload(*content, object.size);
            if (!written)
                return forward(written);
        }
        m_json.endObject();
    }
    m_json.endArray().endObject();
    return http::Response::bytes(200, m_json.take(), ContentType.toByteArray());
}

Result<void> LfsBatchAnswer::writeUpload(const Sha256& content, qint64 size, bool multipart)
{
    const auto stored = m_call.services().uploads().alreadyUploaded(m_permit, content, size);
    if (!stored)
        return forward(stored);
    if (!*stored) {
        const auto room = checkRoom(size);
        if (!room && !isNoRoom(room.error()))
            return room;
        if (!room) {
            writeError(NoRoomCode, room.error().detail());
            return {};
        }
        m_grantedBytes += size;
    }
    m_json.key("authenticated").value(true);
    if (*stored)
        return {}; // no actions: nothing is to be sent
    if (m_xetGrant) {
        writeXetAction(*m_xetGrant);
        return {};
    }
    service::UploadTicket whole{.content = content,
                                .size = size,
                                .userId = m_call.principal().userId,
                                .repository = m_permit.repository(),
                                .expiresMs = SystemClock().nowMs() + TicketLifeMs,
                                .tokenId = m_call.principal().tokenId,
                                .path = m_permit.path()};
    if (multipart && size > m_options.multipartAbove) {
        const LfsParts parts = LfsParts::cut(size, m_options.partBytes);
        if (m_partUrls + parts.count <= MaxPartUrls) {
            m_partUrls += parts.count;
            whole.partSize = parts.partBytes;
        }
    }
    writeUploadAction(whole);
    return {};
}

Result<void> LfsBatchAnswer::checkRoom(qint64 size) const
{
    const qint64 bytes = m_grantedBytes + size;
    if (const auto fits = m_quota.check(bytes); !fits)
        return fits;
    return m_call.services().uploads().checkSpace(bytes);
}

void LfsBatchAnswer::writeUploadAction(const service::UploadTicket& whole)
{
    m_json.key("actions").beginObject().key("upload").beginObject();
    m_json.key("href").utf8(uploadUrl(whole)).key("header").beginObject();
    if (whole.partSize > 0) {
        m_json.key("chunk_size").utf8(QByteArray::number(whole.partSize));
        const qint64 count = LfsParts::cut(whole.size, whole.partSize).count;
        service::UploadTicket part = whole;
        for (part.part = 1; part.part <= count; ++part.part)
            m_json.key(QByteArray::number(part.part)).utf8(uploadUrl(part));
    }
    m_json.endObject().key("expires_in").value(TicketLifeMs / 1000).endObject().endObject();
}

void LfsBatchAnswer::writeXetAction(const service::XetGrant& grant)
{
    m_json.key("actions").beginObject().key("upload").beginObject();
    m_json.key("href").utf8(xetTokenUrl(m_call, m_call.id(), service::XetScope::Write, "main"));
    m_json.key("header").beginObject();
    for (const auto& [name, value] : grantHeaders(m_call, grant))
        m_json.key(name).utf8(value);
    m_json.key("X-Xet-Session-Id").utf8(m_call.request().requestId());
    m_json.endObject().endObject().endObject();
}

Result<void> LfsBatchAnswer::writeDownload(const Sha256& content, qint64 size)
{
    const auto readable = m_call.services().uploads().alreadyUploaded(m_permit, content, size);
    if (!readable)
        return forward(readable);
    if (!*readable) {
        writeError(NotFoundCode, u"Object does not exist");
        return {};
    }
    // Not "authenticated": the client then finds credentials for this URL as it did for this request.
    m_json.key("actions").beginObject().key("download").beginObject();
    m_json.key("href").utf8(repoUrl(m_call, m_call.id()) + ".git/info/lfs/objects/" + content.toHex());
    m_json.key("header").beginObject().endObject().endObject().endObject();
    return {};
}

void LfsBatchAnswer::writeError(int code, QStringView message)
{
    m_json.key("error")
        .beginObject()
        .key("code")
        .value(qint64(code))
        .key("message")
        .value(message)
        .endObject();
}

QByteArray LfsBatchAnswer::uploadUrl(const service::UploadTicket& ticket) const
{
    return m_call.endpoint() + "/lfs/" + m_call.services().uploads().sign(ticket);
}

} // namespace hublet::api
