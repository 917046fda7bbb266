// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/xet.h"

#include "core/base/random.h"
#include "core/catalog/reading/catalog.h"
#include "core/service/context/servicecontext.h"
#include "core/service/uploads/contentclaims.h"
#include "core/service/uploads/quotaroom.h"
#include "core/service/xet/jobqueue.h"
#include "core/store/contentstore.h"
#include "core/store/xetstore.h"
#include "core/xet/requestranges.h"
#include "core/xet/shardwriter.h"
#include "core/xet/xetlimits.h"

#include <algorithm>
#include <unordered_set>

namespace hublet::service {

using access::Permit;

namespace {

constexpr qint64 SecondMs = 1000;
/// Shards registered at once: each reads and hashes as fast as a disk or core can.
constexpr int Registrations = 2;
/// How long a client may rely on the answer to a deduplication query. Far less than what is told of is kept
/// (store::XetStore::KeepMs).
constexpr qint64 DedupLifeMs = 7LL * 24 * 3600 * SecondMs;

/// In the answer to one query: 3 MiB, about 4 GiB of contents.
constexpr std::size_t MaxDedupChunks = 65'536;

} // namespace

struct Xet::Private {
    ServiceContext& context;
    JobQueue registrations{Registrations}; ///< last: waits for what runs before the rest goes

    [[nodiscard]] store::XetStore& store() const { return context.store.xet(); }
    /// May the permit's principal have the bytes of this content?
    [[nodiscard]] Result<bool> mayHave(const Permit& permit, const Sha256& content) const
    {
        return mayName(context, permit.principal(), content, context.clock.nowMs());
    }
    /// The xorb and others that the content is made of: who has one chunk of a file often has the next ones
    /// too, and clients ask about few of them.
    [[nodiscard]] Result<std::vector<xet::ShardXorb>> xorbsAround(const store::StoredXorb& hit,
                                                                  const Sha256& content) const;
    /// Error: NotFound also for files that the caller may not have.
    [[nodiscard]] Result<store::XetStore::File> file(const Permit& permit, const XetHash& hash) const;
};

Xet::Xet(ServiceContext& context) : d(new Private{context}) {}

Xet::~Xet() = default;

Result<store::XetStore::File> Xet::Private::file(const Permit& permit, const XetHash& hash) const
{
    auto file = store().file(hash);
    if (!file)
        return forward(file);
    const auto visible = mayHave(permit, file->sha256);
    if (!visible)
        return forward(visible);
    if (!*visible)
        return fail(ErrorCode::NotFound, QStringLiteral("There is no such file"));
    return file;
}

Result<qint64> Xet::fileSize(const Permit& permit, const XetHash& file) const
{
    const auto found = d->file(permit, file);
    if (!found)
        return forward(found);
    return found->size;
}

Result<xet::Reconstruction> Xet::reconstruct(const Permit& permit, const XetHash& file,
                                             QByteArrayView range) const
{
    const auto found = d->file(permit, file);
    if (!found)
        return forward(found);
    const auto part = xet::parseReconstructionRange(range, found->size);
    if (!part)
        return forward(part);
    if (!*part)
        return xet::Reconstruction();
    const auto terms = d->store().terms(file);
    if (!terms)
        return forward(terms);
    return xet::planReconstruction(*terms, **part, *d->store().offsets());
}

Result<xet::InPlaceEdit> Xet::planInPlaceEdit(const Permit& permit, const XetHash& file,
                                              QByteArrayView dirtyRanges) const
{
    const auto found = d->file(permit, file);
    if (!found)
        return forward(found);
    const auto dirty = xet::parseDirtyRanges(dirtyRanges, found->size);
    if (!dirty)
        return forward(dirty);
    const auto terms = d->store().terms(file);
    if (!terms)
        return forward(terms);
    return xet::planInPlaceEdit(*terms, *dirty, *d->store().chunks());
}

Result<Xet::Batch> Xet::reconstructBatch(const Permit& permit, std::span<const XetHash> files) const
{
    Batch batch;
    std::vector<xet::Term> all;
    qint64 bytes = 0;
    for (const XetHash& hash : files) {
        const auto found = d->file(permit, hash);
        if (!found && found.error().code() == ErrorCode::NotFound)
            continue;
        if (!found)
            return forward(found);
        const auto terms = d->store().terms(hash);
        if (!terms)
            return forward(terms);
        batch.files.push_back({hash, terms->size()});
        all.insert(all.end(), terms->begin(), terms->end());
        bytes += found->size;
    }
    if (bytes == 0)
        return batch;
    auto plan = xet::planReconstruction(all, {0, bytes - 1}, *d->store().offsets());
    if (!plan)
        return forward(plan);
    batch.plan = std::move(*plan);
    return batch;
}

Result<Xet::Records> Xet::records(const XetHash& xorb, const ByteRange& bytes) const
{
    auto records = d->store().records(xorb, bytes);
    if (!records)
        return forward(records);
    return Records{std::move(records->extents), records->streamBytes};
}

Result<std::vector<xet::ShardXorb>> Xet::Private::xorbsAround(const store::StoredXorb& hit,
                                                              const Sha256& content) const
{
    std::vector<xet::ShardXorb> described;
    std::size_t chunks = 0;
    const auto describe = [&](const store::StoredXorb& xorb) {
        const auto listed = xorb.index.chunks();
        described.push_back({xorb.hash(), {listed.begin(), listed.end()}});
        chunks += listed.size();
    };
    describe(hit);
    const auto file = store().fileOf(content);
    if (!file)
        return forward(file);
    if (!*file)
        return described;
    auto terms = store().terms(**file);
    if (!terms)
        return forward(terms);
    // A client reads on from the chunk that it asked about.
    const auto here = std::find_if(terms->begin(), terms->end(),
                                   [&](const xet::Term& term) { return term.xorb == hit.hash(); });
    std::rotate(terms->begin(), here, terms->end());
    std::unordered_set<XetHash> seen{hit.hash()};
    for (const xet::Term& term : *terms) {
        if (chunks >= MaxDedupChunks)
            break;
        if (!seen.insert(term.xorb).second)
            continue;
        const auto other = store().xorb(term.xorb);
        if (!other)
            return forward(other);
        // Asked for like the first one, so that it is kept as long.
        const auto kept = store().findChunk((*other)->index.chunks()[term.chunkStart].hash,
                                            [&](const Sha256& user) { return user == content; });
        if (!kept)
            return forward(kept);
        if (*kept && (*kept)->hash() == term.xorb)
            describe(**kept);
    }
    return described;
}

Result<QByteArray> Xet::dedupAnswer(const Permit& permit, const XetHash& chunk) const
{
    Result<void> looked;
    Sha256 seenIn;
    const auto xorb = d->store().findChunk(chunk, [&](const Sha256& content) {
        const auto visible = d->mayHave(permit, content);
        if (!visible && looked)
            looked = forward(visible);
        seenIn = content;
        return visible && *visible;
    });
    if (!looked)
        return forward(looked);
    if (!xorb)
        return forward(xorb);
    if (!*xorb)
        return fail(ErrorCode::NotFound, QStringLiteral("No xorb with this chunk is known"));
    const auto described = d->xorbsAround(**xorb, seenIn);
    if (!described)
        return forward(described);
    // A key of its own for each answer: who does not know the chunks learns nothing about them, which counts
    // for those that belong to files the caller may not see.
    const QByteArray secret = randomBytes(XetHash::Size);
    xet::HashKey key;
    std::copy(secret.begin(), secret.end(), key.begin());
    const qint64 now = d->context.clock.nowMs();
    return xet::writeDedupShard(*described, {now / SecondMs, (now + DedupLifeMs) / SecondMs, key});
}

Result<qint64> Xet::xorbBytes(const XetHash& xorb) const
{
    const auto size = d->store().xorbSize(xorb);
    if (!size)
        return forward(size);
    if (!*size)
        return fail(ErrorCode::NotFound, QStringLiteral("There is no such xorb"));
    return **size;
}

Result<std::unique_ptr<XorbUpload>> Xet::receiveXorb(const Permit& permit, const XetHash& xorb, qint64 length,
                                                     const QString& client) const
{
    if (length > xet::MaxXorbBodyBytes)
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("A xorb has at most %1 bytes").arg(xet::MaxXorbBodyBytes));
    const auto repository = d->context.catalog.repository(permit.repository());
    if (!repository)
        return forward(repository);
    const auto room = QuotaRoom::of(d->context, *repository);
    if (!room)
        return forward(room);
    if (const auto fits = room->check(std::max<qint64>(length, 0)); !fits)
        return forward(fits);
    // What is stored is the raw bytes, of which a body may hold many times its own length.
    auto upload = d->store().putXorb(xorb, [left = *room](qint64 rawBytes) { return left.check(rawBytes); });
    if (!upload)
        return forward(upload);
    TransferInfo info;
    info.direction = TransferDirection::Upload;
    info.principal = permit.principal().name;
    info.client = client;
    info.repository = permit.repository().text();
    info.package = permit.path();
    info.file = QString::fromLatin1(xorb.toText());
    info.total = length;
    return std::make_unique<XorbUpload>(d->context, std::move(*upload),
                                        d->context.transfers.start(std::move(info)));
}

Result<std::unique_ptr<ShardUpload>> Xet::receiveShard(const Permit& permit, qint64 length) const
{
    if (length > xet::MaxShardBodyBytes)
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("A shard has at most %1 bytes").arg(xet::MaxShardBodyBytes));
    const qint64 expected = length < 0 ? xet::MaxShardBodyBytes : length;
    if (const auto space = d->store().checkSpace(expected); !space)
        return forward(space);
    return ShardUpload::begin(d->context, {permit.principal().userId, permit.repository().folded()});
}

void Xet::registerInBackground(std::unique_ptr<ShardUpload> shard, ProgressFunction progress,
                               std::function<void(const Result<bool>& changed)> done, CancelToken cancel)
{
    d->registrations.add(
        [shard = std::shared_ptr<ShardUpload>(std::move(shard)),
         done = std::move(done)](const ProgressFunction& report, const CancelToken& token) mutable {
            auto changed = shard->registerFiles(report, token);
            shard.reset(); // before the answer, so that whoever has it finds the staging gone
            return JobQueue::Ended([done, changed = std::move(changed)] { done(changed); });
        },
        std::move(progress), std::move(cancel));
}

} // namespace hublet::service
