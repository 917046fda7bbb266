// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/xorbupload.h"

#include "core/base/faultpoint.h"
#include "core/store/context/filepublisher.h"
#include "core/store/context/storecontext.h"
#include "core/store/files/xorbwriter.h"
#include "core/store/tables/xorbqueries.h"
#include "core/xet/xetlimits.h"
#include "core/xet/xorbreader.h"

namespace hublet::store {

namespace {

class ChunkWriter : public xet::ChunkSink {
public:
    explicit ChunkWriter(std::unique_ptr<StagedFile> file) : m_xorb(std::move(file)) {}
    Result<void> addChunk(const xet::Chunk& chunk, QByteArrayView payload) override
    {
        const auto added = m_xorb.add(chunk, payload);
        return added ? Result<void>() : forward(added);
    }
    [[nodiscard]] XorbWriter& xorb() { return m_xorb; }

private:
    XorbWriter m_xorb;
};

} // namespace

struct XorbUpload::Private {
    Private(StoreContext& storeContext, const XetHash& hash, std::unique_ptr<StagedFile> file)
        : context(storeContext), announced(hash), publisher(storeContext),
          lease(storeContext.leases, fileNameOf(hash)), chunks(std::move(file)), reader(chunks)
    {
    }

    [[nodiscard]] Result<std::optional<XorbRow>> find() const
    {
        return context.database.read(
            [&](db::Transaction& transaction) { return queries::findXorb(transaction, announced); });
    }
    [[nodiscard]] Result<bool> touch(const XorbRow& row);
    [[nodiscard]] Result<void> publish(const std::optional<XorbRow>& known);

    StoreContext& context;
    const XetHash announced;
    FilePublisher publisher; ///< outlives the lease: it removes what has no row only when nobody holds one
    const LeaseHold lease;   ///< no sweep deletes the xorb from before the look whether it is stored
    bool isKnown = false;    ///< stored already: the body is read past
    ChunkWriter chunks;
    xet::XorbReader reader;
};

XorbUpload::XorbUpload(std::unique_ptr<Private> priv) : d(std::move(priv)) {}
XorbUpload::~XorbUpload() = default;
XorbUpload::XorbUpload(XorbUpload&&) noexcept = default;
XorbUpload& XorbUpload::operator=(XorbUpload&&) noexcept = default;

Result<XorbUpload> XorbUpload::begin(StoreContext& context, const XetHash& announced)
{
    if (const auto writable = context.checkWritable(); !writable)
        return forward(writable);
    if (const auto space = context.checkSpace(xet::FullXorbBytes); !space)
        return forward(space);
    auto staged = context.folder->stage();
    if (!staged)
        return forward(staged);
    auto d = std::make_unique<Private>(context, announced, std::move(*staged));
    const auto known = d->find();
    if (!known)
        return forward(known);
    d->isKnown = *known && (*known)->isUsable() && context.openFile((*known)->file).has_value();
    return XorbUpload(std::move(d));
}

Result<void> XorbUpload::append(QByteArrayView bytes)
{
    return d->isKnown ? Result<void>() : d->reader.add(bytes);
}

Result<bool> XorbUpload::finish()
{
    if (!d->isKnown) {
        const auto hash = d->reader.finish();
        if (!hash)
            return forward(hash);
        if (*hash != d->announced)
            return fail(ErrorCode::DigestMismatch,
                        QStringLiteral("The chunks that came make up another xorb than the one announced"));
    }
    if (HUBLET_FAULT_POINT("store.after-stage"))
        return fail(ErrorCode::Io, QStringLiteral("Cannot go on after receiving a xorb"));
    const auto known = d->find(); // another upload of it may have ended first
    if (!known)
        return forward(known);
    if (*known && (*known)->isUsable() && d->context.openFile((*known)->file))
        return d->touch(**known);
    if (d->isKnown)
        return fail(ErrorCode::Conflict,
                    QStringLiteral("The xorb was found to be damaged while it was sent; send it once more"));
    const auto published = d->publish(*known);
    return published ? Result<bool>(true) : forward(published);
}

Result<bool> XorbUpload::Private::touch(const XorbRow& row)
{
    const auto touched = context.database.write([&](db::Transaction& transaction) {
        return queries::touchXorb(transaction, row.file.id, context.clock.nowMs());
    });
    return touched ? Result<bool>(false) : forward(touched);
}

Result<void> XorbUpload::Private::publish(const std::optional<XorbRow>& known)
{
    XorbWriter& xorb = chunks.xorb();
    if (const auto finished = xorb.finish(); !finished)
        return finished;
    StoredFile file = xorb.storedFile();
    const bool replaces = known && known->verifiedMs == 0;
    if (known)
        file.id = known->file.id;
    publisher.add(xorb.takeFile(), file, replaces);
    if (const auto published = publisher.publish(); !published)
        return published;
    const auto recorded = context.database.write([&](db::Transaction& transaction) {
        return queries::addXorb(transaction, file, xorb.index(), context.clock.nowMs());
    });
    if (!recorded)
        return forward(recorded);
    if (replaces)
        context.forget(*recorded);
    return {};
}

} // namespace hublet::store
