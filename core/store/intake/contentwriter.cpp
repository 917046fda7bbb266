// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/contentwriter.h"

#include "core/base/faultpoint.h"
#include "core/base/hasher.h"
#include "core/store/intake/opencontent.h"
#include "core/store/intake/segmentedcontents.h"
#include "core/store/intake/wholecontents.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace hublet::store {

namespace {

/// Takes in the chunks of a small content only to name it.
class NoSink : public xet::ChunkSink {
public:
    Result<void> addChunk(const xet::Chunk&, QByteArrayView) override { return {}; }
};

Result<XetHash> xetHashOf(const QByteArray& bytes)
{
    NoSink sink;
    xet::FileChunker chunker(sink);
    if (const auto added = chunker.add(bytes); !added)
        return forward(added);
    return chunker.finish();
}

[[nodiscard]] Result<void> checkDigest(const std::optional<Sha256>& expected, Sha256& actual)
{
    if (!expected || *expected == actual)
        return {};
    if (HUBLET_FAULT_POINT("mutant.publish-unhashed")) {
        actual = *expected;
        return {};
    }
    return fail(ErrorCode::DigestMismatch,
                QStringLiteral("The bytes that came do not have the SHA-256 that was announced"));
}

} // namespace

struct ContentWriter::Private {
    Private(StoreContext& context, StorageForm form, bool replaceKnown) : state(context, form, replaceKnown)
    {
        if (form == StorageForm::Segments)
            segmented.emplace(state);
        else
            whole.emplace(state);
    }

    [[nodiscard]] ContentForm& form()
    {
        return segmented ? static_cast<ContentForm&>(*segmented) : static_cast<ContentForm&>(*whole);
    }
    /// Ends the open content without keeping it.
    void drop();
    /// Something that was accepted cannot be kept: the whole upload has failed.
    tl::unexpected<Error> giveUp(const Error& error);
    [[nodiscard]] Result<StagedContent> finish(EndedContent& content);
    [[nodiscard]] Result<void> put(EndedContent content);

    UploadState state; ///< first: the rest uses it
    std::optional<WholeContents> whole;
    std::optional<SegmentedContents> segmented;
    std::unique_ptr<OpenContent> open;
    std::unordered_set<Sha256> seen; ///< everything ended so far; each with a lease
    std::optional<Error> failure;
    bool isPublished = false;
};

void ContentWriter::Private::drop()
{
    open.reset();
    if (segmented)
        segmented->segmenter().dropContent();
}

tl::unexpected<Error> ContentWriter::Private::giveUp(const Error& error)
{
    if (!failure)
        failure = error;
    return tl::unexpected<Error>(error);
}

ContentWriter::ContentWriter(StoreContext& context, StorageForm form, bool replaceKnown)
    : d(std::make_unique<Private>(context, form, replaceKnown))
{
}
ContentWriter::~ContentWriter() = default;
ContentWriter::ContentWriter(ContentWriter&&) noexcept = default;
ContentWriter& ContentWriter::operator=(ContentWriter&&) noexcept = default;

Result<void> ContentWriter::begin(qint64 expectedSize)
{
    Q_ASSERT(!d->open && !d->isPublished);
    StoreContext& context = d->state.context;
    if (const auto writable = context.checkWritable(); !writable)
        return writable;
    if (const auto space = context.checkSpace(std::max<qint64>(expectedSize, 0)); !space)
        return space;
    d->open = std::make_unique<OpenContent>(context, expectedSize,
                                            d->segmented ? &d->segmented->segmenter() : nullptr);
    const auto prepared = d->open->prepare();
    if (!prepared)
        d->drop();
    return prepared;
}

Result<void> ContentWriter::append(QByteArrayView bytes)
{
    Q_ASSERT(d->open);
    const auto appended = d->open->append(bytes);
    if (!appended)
        d->drop();
    return appended;
}

Result<void> ContentWriter::appendBlock(QByteArray& block)
{
    Q_ASSERT(d->open);
    const auto appended = d->open->appendBlock(block);
    if (!appended)
        d->drop();
    return appended;
}

Result<StagedContent> ContentWriter::end(const std::optional<Sha256>& expected)
{
    Q_ASSERT(d->open);
    EndedContent content;
    auto staged = d->finish(content);
    if (staged) {
        if (const auto checked = checkDigest(expected, staged->sha256); !checked)
            staged = forward(checked);
    }
    if (!staged || !d->seen.insert(staged->sha256).second) {
        d->drop();
        return staged;
    }
    d->state.lease(staged->sha256);
    content.staged = *staged;
    const auto put = d->put(std::move(content));
    d->drop();
    if (!put)
        return d->giveUp(put.error());
    if (HUBLET_FAULT_POINT("store.after-stage"))
        return fail(ErrorCode::Io, QStringLiteral("Cannot go on after staging a file"));
    return staged;
}

/// The digests; and the bytes of a small content.
Result<StagedContent> ContentWriter::Private::finish(EndedContent& content)
{
    if (!open->isComplete())
        return fail(ErrorCode::LengthMismatch, QStringLiteral("Fewer bytes came than were announced"));
    if (!open->isSmall())
        return open->finishLarge();
    content.bytes = open->takeBytes();
    StagedContent staged;
    staged.sha256 = Sha256Hasher::hash(content.bytes);
    staged.blobOid = gitObjectOid("blob", content.bytes);
    staged.size = content.bytes.size();
    if (segmented) {
        const auto hash = xetHashOf(content.bytes);
        if (!hash)
            return forward(hash);
        staged.xetHash = *hash;
    }
    return staged;
}

Result<void> ContentWriter::Private::put(EndedContent content)
{
    if (open->isSmall())
        return form().addSmall(std::move(content));
    return segmented ? segmented->addLarge(content.staged)
                     : whole->addLarge(content.staged, open->takeFile());
}

void ContentWriter::discard()
{
    d->drop();
}

Result<void> ContentWriter::publish()
{
    Q_ASSERT(!d->open && !d->isPublished);
    if (d->failure)
        return tl::unexpected<Error>(*d->failure);
    if (const auto closed = d->form().close(); !closed)
        return closed;
    if (const auto published = d->state.publisher.publish(); !published)
        return published;
    d->isPublished = true;
    return {};
}

Result<void> ContentWriter::record(db::Transaction& transaction)
{
    if (!d->isPublished)
        return fail(ErrorCode::Internal, QStringLiteral("Content was recorded before it was published"));
    if (const auto recorded = d->form().record(transaction, d->state.context.clock.nowMs()); !recorded)
        return recorded;
    for (const Sha256& sha256 : d->state.kept) {
        if (const auto kept = queries::keepSoundContent(transaction, sha256); !kept)
            return kept;
    }
    return {};
}

} // namespace hublet::store
