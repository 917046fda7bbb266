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

/// Raw bytes for which space is made at once. A body of some MiB may unpack to MaxXorbRawBytes.
constexpr qint64 SpaceStepBytes = xet::FullXorbBytes;

/// Writes the chunks, as far as the disk and the caller have room for them.
class ChunkWriter : public xet::ChunkSink {
public:
    ChunkWriter(const StoreContext& context, std::unique_ptr<StagedFile> file, RawBytesCheck mayHold)
        : m_context(context), m_xorb(std::move(file)), m_mayHold(std::move(mayHold))
    {
    }
    Result<void> addChunk(const xet::Chunk& chunk, QByteArrayView payload) override
    {
        const qint64 rawBytes = m_xorb.index().rawBytes() + chunk.bytes;
        if (m_mayHold) {
            if (const auto allowed = m_mayHold(rawBytes); !allowed)
                return allowed;
        }
        if (rawBytes > m_roomBytes) {
            if (const auto space = m_context.checkSpace(SpaceStepBytes); !space)
                return space;
            m_roomBytes += SpaceStepBytes;
        }
        const auto added = m_xorb.add(chunk, payload);
        return added ? Result<void>() : forward(added);
    }
    [[nodiscard]] XorbWriter& xorb() { return m_xorb; }

private:
    const StoreContext& m_context;
    XorbWriter m_xorb;
    const RawBytesCheck m_mayHold;
    qint64 m_roomBytes = SpaceStepBytes; ///< raw bytes up to which there was space when it was looked at last
};

} // namespace

struct XorbUpload::Private {
    Private(StoreContext& storeContext, const XetHash& hash, std::unique_ptr<StagedFile> file,
            RawBytesCheck mayHold)
        : context(storeContext), announced(hash), publisher(storeContext),
          lease(storeContext.leases, fileNameOf(hash)),
          chunks(storeContext, std::move(file), std::move(mayHold)), reader(chunks)
    {
    }

    [[nodiscard]] Result<std::optional<XorbRow>> find() const
    {
        return context.database.read(
            [&](db::Transaction& transaction) { return queries::findXorb(transaction, announced); });
    }
    [[nodiscard]] Result<bool> touch(const XorbRow& row);
    /// False when another upload was faster.
    [[nodiscard]] Result<bool> publish(const std::optional<XorbRow>& known);

    StoreContext& context;
    const XetHash announced;
    FilePublisher publisher; ///< outlives the lease: it removes what has no row only when nobody holds one
    const LeaseHold lease;   ///< no sweep deletes the xorb from before the look whether it is stored
    bool isKnown = false;    ///< stored already: the body is read past
    qint64 passedBytes = 0;  ///< of a body that is read past
    ChunkWriter chunks;
    xet::XorbReader reader;
};

XorbUpload::XorbUpload(std::unique_ptr<Private> priv) : d(std::move(priv)) {}
XorbUpload::~XorbUpload() = default;
XorbUpload::XorbUpload(XorbUpload&&) noexcept = default;
XorbUpload& XorbUpload::operator=(XorbUpload&&) noexcept = default;

Result<XorbUpload> XorbUpload::begin(StoreContext& context, const XetHash& announced, RawBytesCheck mayHold)
{
    if (const auto writable = context.checkWritable(); !writable)
        return forward(writable);
    if (const auto space = context.checkSpace(SpaceStepBytes); !space)
        return forward(space);
    auto staged = context.folder->stage();
    if (!staged)
        return forward(staged);
    auto d = std::make_unique<Private>(context, announced, std::move(*staged), std::move(mayHold));
    const auto known = d->find();
    if (!known)
        return forward(known);
    d->isKnown = *known && (*known)->isUsable() && context.openFile((*known)->file).has_value();
    return XorbUpload(std::move(d));
}

Result<void> XorbUpload::append(QByteArrayView bytes)
{
    if (!d->isKnown)
        return d->reader.add(bytes);
    d->passedBytes += bytes.size();
    if (d->passedBytes > xet::MaxXorbBodyBytes)
        return fail(ErrorCode::TooLarge, QStringLiteral("The xorb is larger than a xorb may be."));
    return {};
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
    return d->publish(*known);
}

Result<bool> XorbUpload::Private::touch(const XorbRow& row)
{
    const auto touched = context.database.write([&](db::Transaction& transaction) {
        return queries::touchXorb(transaction, row.file.id, context.clock.nowMs());
    });
    return touched ? Result<bool>(false) : forward(touched);
}

Result<bool> XorbUpload::Private::publish(const std::optional<XorbRow>& known)
{
    XorbWriter& xorb = chunks.xorb();
    if (const auto finished = xorb.finish(); !finished)
        return forward(finished);
    StoredFile file = xorb.storedFile();
    const bool replaces = known && known->verifiedMs == 0;
    if (known)
        file.id = known->file.id;
    publisher.add(xorb.takeFile(), file, replaces);
    if (const auto published = publisher.publish(); !published)
        return forward(published);
    bool isNew = true;
    const auto recorded = context.database.write([&](db::Transaction& transaction) -> Result<qint64> {
        const auto there = queries::findXorb(transaction, announced);
        if (!there)
            return forward(there);
        isNew = !*there || !(*there)->isUsable();
        return queries::addXorb(transaction, file, xorb.index(), context.clock.nowMs());
    });
    if (!recorded)
        return forward(recorded);
    if (replaces)
        context.forget(*recorded);
    return isNew;
}

} // namespace hublet::store
