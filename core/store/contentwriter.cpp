// SPDX-License-Identifier: Apache-2.0
#include "core/store/contentwriter.h"

#include "core/base/faultpoint.h"
#include "core/base/hasher.h"
#include "core/store/filepublisher.h"
#include "core/store/packwriter.h"
#include "core/store/storecontext.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace hublet::store {

namespace {

/// Small contents are looked up and packed so many bytes or pieces at a time.
constexpr qint64 PendingBytes = 4LL << 20;
constexpr std::size_t PendingContents = 4096;
/// Contents of unknown size look for free space each time they have grown by this.
constexpr qint64 SpaceCheckBytes = 32LL << 20;

} // namespace

/// The content between begin() and end().
struct OpenContent {
    qint64 expectedSize = -1;
    qint64 size = 0;
    qint64 nextSpaceCheck = 0;
    QByteArray buffer; ///< all of it while it is small, else the block that fills up
    // Once it is too large for a pack:
    std::unique_ptr<StagedFile> file;
    std::unique_ptr<HashStrand> strand;
};

struct ContentWriter::Private {
    explicit Private(StoreContext& storeContext) : context(storeContext), publisher(storeContext) {}
    ~Private();

    struct SmallContent {
        Sha256 sha256;
        QByteArray bytes;
    };
    /// A content that record() adds or repairs.
    struct NewContent {
        ContentRow row;
        bool replaces = false;
    };

    void lease(const Sha256& name);
    /// Something that was accepted cannot be kept: the whole upload has failed.
    tl::unexpected<Error> giveUp(const Error& error);
    [[nodiscard]] Result<void> makeRoom(qsizetype bytes);
    [[nodiscard]] Result<void> spill();
    [[nodiscard]] Result<void> writeBlock();
    [[nodiscard]] Result<void> appendBytes(QByteArrayView bytes);
    [[nodiscard]] Result<void> appendWhole(QByteArray& block);
    [[nodiscard]] Result<void> appendLarge(QByteArrayView bytes);
    [[nodiscard]] Result<StagedContent> endSmall(OpenContent content, const std::optional<Sha256>& expected);
    [[nodiscard]] Result<StagedContent> endLarge(OpenContent content, const std::optional<Sha256>& expected);
    [[nodiscard]] Result<void> packPending();
    [[nodiscard]] Result<void> closePack();

    StoreContext& context;
    std::optional<OpenContent> open;
    std::unordered_set<Sha256> seen; ///< everything ended so far; each with a lease
    std::vector<Sha256> leases;
    std::vector<SmallContent> pending; ///< not looked up yet
    qint64 pendingBytes = 0;
    std::unique_ptr<PackWriter> pack;
    std::vector<NewContent> inPack; ///< contents of `pack`, whose name is not known yet
    std::vector<NewContent> added;
    std::vector<Sha256> kept; ///< stored already
    FilePublisher publisher;
    std::optional<Error> failure;
    bool isPublished = false;
};

ContentWriter::Private::~Private()
{
    for (const Sha256& name : leases)
        context.leases.release(name);
}

void ContentWriter::Private::lease(const Sha256& name)
{
    context.leases.acquire(name);
    leases.push_back(name);
}

tl::unexpected<Error> ContentWriter::Private::giveUp(const Error& error)
{
    if (!failure)
        failure = error;
    return tl::unexpected<Error>(error);
}

ContentWriter::ContentWriter(StoreContext& context) : d(std::make_unique<Private>(context)) {}
ContentWriter::~ContentWriter() = default;
ContentWriter::ContentWriter(ContentWriter&&) noexcept = default;
ContentWriter& ContentWriter::operator=(ContentWriter&&) noexcept = default;

Result<void> ContentWriter::begin(qint64 expectedSize)
{
    Q_ASSERT(!d->open && !d->isPublished);
    if (const auto writable = d->context.checkWritable(); !writable)
        return writable;
    if (const auto space = d->context.checkSpace(std::max<qint64>(expectedSize, 0)); !space)
        return space;
    d->open.emplace();
    d->open->expectedSize = expectedSize;
    d->open->nextSpaceCheck = SpaceCheckBytes;
    if (expectedSize > ContentStore::PackedLimit) {
        if (const auto spilled = d->spill(); !spilled) {
            d->open.reset();
            return spilled;
        }
    } else if (expectedSize > 0) {
        d->open->buffer.reserve(expectedSize);
    }
    return {};
}

Result<void> ContentWriter::append(QByteArrayView bytes)
{
    Q_ASSERT(d->open);
    const auto appended = d->makeRoom(bytes.size()).and_then([&] { return d->appendBytes(bytes); });
    if (!appended)
        d->open.reset();
    return appended;
}

Result<void> ContentWriter::appendBlock(QByteArray& block)
{
    Q_ASSERT(d->open);
    if (!d->open->file || block.size() != HashStrand::BlockBytes)
        return append(block);
    const auto appended = d->makeRoom(block.size()).and_then([&] { return d->appendWhole(block); });
    if (!appended)
        d->open.reset();
    return appended;
}

/// Counts bytes that come now, before they are taken.
Result<void> ContentWriter::Private::makeRoom(qsizetype bytes)
{
    if (open->expectedSize >= 0 && open->size + bytes > open->expectedSize)
        return fail(ErrorCode::LengthMismatch, QStringLiteral("More bytes came than were announced"));
    open->size += bytes;
    if (open->expectedSize >= 0 || open->size < open->nextSpaceCheck)
        return {};
    open->nextSpaceCheck = open->size + SpaceCheckBytes;
    return context.checkSpace(SpaceCheckBytes);
}

Result<void> ContentWriter::Private::appendBytes(QByteArrayView bytes)
{
    if (!open->file && open->size <= ContentStore::PackedLimit) {
        open->buffer += bytes;
        return {};
    }
    if (!open->file) {
        if (const auto spilled = spill(); !spilled)
            return spilled;
    }
    return appendLarge(bytes);
}

Result<void> ContentWriter::Private::appendWhole(QByteArray& block)
{
    if (!open->buffer.isEmpty()) {
        if (const auto written = writeBlock(); !written)
            return written;
    }
    open->buffer.swap(block);
    return writeBlock();
}

/// The open content becomes a file of its own.
Result<void> ContentWriter::Private::spill()
{
    auto staged = context.folder->stage();
    if (!staged)
        return forward(staged);
    if (const auto reserved = (*staged)->reserve(open->expectedSize); !reserved)
        return reserved;
    const bool withOid = open->expectedSize >= 0 && open->expectedSize <= StagedContent::BlobOidLimit;
    open->file = std::move(*staged);
    open->strand = std::make_unique<HashStrand>(context.hashing,
                                                withOid ? std::optional(open->expectedSize) : std::nullopt);
    const QByteArray soFar = std::exchange(open->buffer, open->strand->takeBlock());
    return appendLarge(soFar);
}

Result<void> ContentWriter::Private::appendLarge(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qsizetype part = std::min(bytes.size(), HashStrand::BlockBytes - open->buffer.size());
        open->buffer += bytes.first(part);
        bytes = bytes.sliced(part);
        if (open->buffer.size() == HashStrand::BlockBytes) {
            if (const auto written = writeBlock(); !written)
                return written;
        }
    }
    return {};
}

/// Hands the block to the hashing thread as soon as it is written: the next one is written while this one is
/// hashed.
Result<void> ContentWriter::Private::writeBlock()
{
    if (const auto written = open->file->append(open->buffer); !written)
        return written;
    open->strand->add(std::move(open->buffer));
    open->buffer = open->strand->takeBlock();
    return {};
}

Result<StagedContent> ContentWriter::end(const std::optional<Sha256>& expected)
{
    Q_ASSERT(d->open);
    OpenContent content = std::move(*d->open);
    d->open.reset();
    if (content.expectedSize >= 0 && content.size != content.expectedSize)
        return fail(ErrorCode::LengthMismatch, QStringLiteral("Fewer bytes came than were announced"));
    auto staged =
        content.file ? d->endLarge(std::move(content), expected) : d->endSmall(std::move(content), expected);
    if (staged && HUBLET_FAULT_POINT("store.after-stage"))
        return fail(ErrorCode::Io, QStringLiteral("Cannot go on after staging a file"));
    return staged;
}

namespace {

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

Result<StagedContent> ContentWriter::Private::endSmall(OpenContent content,
                                                       const std::optional<Sha256>& expected)
{
    StagedContent staged{Sha256Hasher::hash(content.buffer), gitObjectOid("blob", content.buffer),
                         content.size};
    if (const auto checked = checkDigest(expected, staged.sha256); !checked)
        return forward(checked);
    if (!seen.insert(staged.sha256).second)
        return staged;
    lease(staged.sha256);
    pendingBytes += content.size;
    pending.push_back({staged.sha256, std::move(content.buffer)});
    if (pendingBytes >= PendingBytes || pending.size() >= PendingContents) {
        if (const auto packed = packPending(); !packed)
            return giveUp(packed.error());
    }
    return staged;
}

Result<StagedContent> ContentWriter::Private::endLarge(OpenContent content,
                                                       const std::optional<Sha256>& expected)
{
    if (const auto written = content.file->append(content.buffer); !written)
        return forward(written);
    content.strand->add(std::move(content.buffer));
    const HashStrand::Digests digests = content.strand->finish();
    StagedContent staged{digests.sha256, digests.blobOid.value_or(GitOid()), content.size};
    if (const auto checked = checkDigest(expected, staged.sha256); !checked)
        return forward(checked);
    if (!digests.blobOid &&
        content.size <= StagedContent::BlobOidLimit) { // the size was not known beforehand
        const auto oid = content.file->readBlobOid();
        if (!oid)
            return forward(oid);
        staged.blobOid = *oid;
    }
    if (!seen.insert(staged.sha256).second)
        return staged;
    lease(staged.sha256);
    const auto known = context.find(staged.sha256);
    if (!known)
        return giveUp(known.error());
    if (*known && context.isIntact(**known)) {
        kept.push_back(staged.sha256);
        return staged;
    }
    const bool replaces = known->has_value();
    StoredFile file{0, FileKind::Blob, staged.sha256, staged.size};
    if (replaces && (*known)->file.kind == FileKind::Blob)
        file.id = (*known)->file.id;
    publisher.add(std::move(content.file), file, file.id != 0);
    added.push_back({{staged.sha256, staged.size, file, 0, 0}, replaces});
    return staged;
}

/// Looks the pending contents up in one go and packs those that are not stored, or not as they should be.
Result<void> ContentWriter::Private::packPending()
{
    const std::vector<SmallContent> contents = std::exchange(pending, {});
    pendingBytes = 0;
    std::vector<std::optional<ContentRow>> rows;
    const auto looked = context.database.read([&](db::Transaction& transaction) -> Result<void> {
        for (const SmallContent& content : contents) {
            auto row = queries::findContent(transaction, content.sha256);
            if (!row)
                return forward(row);
            rows.push_back(std::move(*row));
        }
        return {};
    });
    if (!looked)
        return looked;
    for (std::size_t i = 0; i < contents.size(); ++i) {
        if (rows[i] && context.isIntact(*rows[i])) {
            kept.push_back(contents[i].sha256);
            continue;
        }
        if (!pack) {
            auto staged = context.folder->stage();
            if (!staged)
                return forward(staged);
            pack = std::make_unique<PackWriter>(std::move(*staged), context.hashing);
        }
        const auto offset = pack->add(contents[i].sha256, contents[i].bytes);
        if (!offset)
            return forward(offset);
        inPack.push_back(
            {{contents[i].sha256, contents[i].bytes.size(), {}, *offset, 0}, rows[i].has_value()});
        if (pack->isFull()) {
            if (const auto closed = closePack(); !closed)
                return closed;
        }
    }
    return {};
}

Result<void> ContentWriter::Private::closePack()
{
    const std::unique_ptr<PackWriter> finished = std::move(pack);
    if (const auto done = finished->finish(); !done)
        return done;
    const StoredFile file{0, FileKind::Pack, finished->name(), finished->size()};
    lease(file.name);
    publisher.add(finished->takeFile(), file, false);
    for (NewContent& content : std::exchange(inPack, {})) {
        content.row.file = file;
        added.push_back(std::move(content));
    }
    return {};
}

void ContentWriter::discard()
{
    d->open.reset();
}

Result<void> ContentWriter::publish()
{
    Q_ASSERT(!d->open && !d->isPublished);
    if (d->failure)
        return tl::unexpected<Error>(*d->failure);
    if (const auto packed = d->packPending(); !packed)
        return packed;
    if (d->pack) {
        if (const auto closed = d->closePack(); !closed)
            return closed;
    }
    if (const auto published = d->publisher.publish(); !published)
        return published;
    d->isPublished = true;
    return {};
}

Result<void> ContentWriter::record(db::Transaction& transaction)
{
    if (!d->isPublished)
        return fail(ErrorCode::Internal, QStringLiteral("Content was recorded before it was published"));
    const qint64 nowMs = d->context.clock.nowMs();
    std::optional<StoredFile> file; // contents of one file follow each other
    for (const auto& [content, replaces] : d->added) {
        if (!file || file->name != content.file.name) {
            file = content.file;
            const auto id = queries::addFile(transaction, *file, nowMs);
            if (!id)
                return forward(id);
            file->id = *id;
        }
        ContentRow row = content;
        row.file = *file;
        const auto recorded = replaces ? queries::replaceContent(transaction, row, nowMs)
                                       : queries::addContent(transaction, row, nowMs);
        if (!recorded)
            return recorded;
    }
    for (const Sha256& sha256 : d->kept) {
        if (const auto kept = queries::keepContent(transaction, sha256); !kept)
            return kept;
    }
    return {};
}

} // namespace hublet::store
