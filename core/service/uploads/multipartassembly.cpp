// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/multipartassembly.h"

#include "core/catalog/writing/claimwriter.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/storestate.h"
#include "core/service/uploads/contentclaims.h"
#include "core/store/contentstore.h"

#include <algorithm>
#include <cerrno>

#include <unistd.h>

namespace hublet::service {

namespace {

constexpr qint64 BufferBytes = 1 << 20;

/// The ETag as the client got it: quoted or bare.
std::optional<Sha256> contentOfETag(QByteArrayView etag)
{
    if (etag.size() >= 2 && etag.startsWith('"') && etag.endsWith('"'))
        etag = etag.sliced(1, etag.size() - 2);
    return Sha256::fromHex(etag);
}

Result<void> append(store::ContentWriter& writer, const Extent& extent)
{
    QByteArray buffer(std::min(BufferBytes, extent.length), Qt::Uninitialized);
    for (qint64 done = 0; done < extent.length;) {
        const qint64 wanted = std::min<qint64>(buffer.size(), extent.length - done);
        const ssize_t count =
            ::pread(extent.file->get(), buffer.data(), size_t(wanted), extent.offset + done);
        if (count < 0 && errno == EINTR)
            continue;
        if (count <= 0)
            return fail(ErrorCode::Io, QStringLiteral("A part of the upload cannot be read"));
        if (const auto appended = writer.append(QByteArrayView(buffer.constData(), count)); !appended)
            return forward(appended);
        done += count;
    }
    return {};
}

Result<void> putTogether(const ServiceContext& context, const std::vector<Sha256>& parts,
                         const UploadTicket& ticket, store::StorageForm form)
{
    store::ContentWriter writer = context.store.writer(form);
    if (const auto begun = writer.begin(ticket.size); !begun)
        return forward(begun);
    for (const Sha256& part : parts) {
        const auto content = context.store.open(part);
        if (!content)
            return forward(content);
        for (const Extent& extent : content->extents) {
            if (const auto appended = append(writer, extent); !appended)
                return forward(appended);
        }
    }
    if (const auto whole = writer.end(ticket.content); !whole)
        return forward(whole);
    if (const auto published = writer.publish(); !published)
        return forward(published);
    return context.claimWriter.claim(claimantOf(ticket), ticket.content, writer);
}

} // namespace

qint64 MultipartAssembly::partCount() const
{
    return m_ticket.partSize <= 0 ? 0 : (m_ticket.size + m_ticket.partSize - 1) / m_ticket.partSize;
}

qint64 MultipartAssembly::sizeOf(int number) const
{
    const qint64 count = partCount();
    if (number < 1 || number > count || count > MaxParts)
        return -1;
    return number < count ? m_ticket.partSize : m_ticket.size - (count - 1) * m_ticket.partSize;
}

Result<std::vector<Sha256>> MultipartAssembly::checkParts(const ServiceContext& context,
                                                          std::vector<Uploads::Part> parts) const
{
    if (partCount() > MaxParts || qint64(parts.size()) != partCount())
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("The upload has %1 parts, not %2").arg(partCount()).arg(parts.size()));
    std::sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.number < b.number; });
    std::vector<Sha256> contents;
    contents.reserve(parts.size());
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const int number = int(i) + 1;
        const auto content = contentOfETag(parts[i].etag);
        if (parts[i].number != number || !content)
            return fail(ErrorCode::InvalidArgument, QStringLiteral("Part %1 is not named").arg(number));
        // Knowing the digest of a content must not be enough to get at it.
        const auto own = uploadedBy(context, claimantOf(m_ticket), *content);
        if (!own)
            return forward(own);
        const auto size = context.store.size(*content);
        if (!size)
            return forward(size);
        if (!*own || *size != sizeOf(number))
            return fail(ErrorCode::InvalidArgument, QStringLiteral("Part %1 was not uploaded").arg(number));
        contents.push_back(*content);
    }
    return contents;
}

Result<void> MultipartAssembly::assemble(const ServiceContext& context, std::vector<Uploads::Part> parts,
                                         store::StorageForm form) const
{
    const auto contents = checkParts(context, std::move(parts));
    if (!contents)
        return forward(contents);
    auto kept = putTogether(context, *contents, m_ticket, form);
    if (!kept)
        reportStoreState(context);
    return kept;
}

} // namespace hublet::service
