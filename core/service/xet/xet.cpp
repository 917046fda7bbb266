// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/xet.h"

#include "core/base/random.h"
#include "core/catalog/reading/catalog.h"
#include "core/service/context/servicecontext.h"
#include "core/service/uploads/contentclaims.h"
#include "core/service/uploads/quotaroom.h"
#include "core/service/xet/jobqueue.h"
#include "core/service/xet/xorbsenders.h"
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

/// The xorb as its chunks are told to a client. Those that it may not see keep their place and size, but for
/// their hashes there are random bytes: who guesses such a chunk finds it confirmed nowhere.
xet::ShardXorb describedXorb(const store::XetStore::FoundChunk& found)
{
    const auto listed = found.xorb->index.chunks();
    xet::ShardXorb described{found.xorb->hash(), {listed.begin(), listed.end()}};
    for (std::size_t i = 0; i < described.chunks.size(); ++i) {
        if (!found.shown[i])
            described.chunks[i].hash = *XetHash::fromBytes(randomBytes(XetHash::Size));
    }
    return described;
}

/// What a client uploaded itself is in no package that could be closed to it.
void addPackage(Xet::Plan& plan, const ContentRight& right)
{
    if (right.package != 0 && std::ranges::find(plan.packages, right.package) == plan.packages.end())
        plan.packages.push_back(right.package);
}

} // namespace

struct Xet::Private {
    ServiceContext& context;
    std::shared_ptr<XorbSenders> senders = std::make_shared<XorbSenders>(); ///< shared with uploads under way
    JobQueue registrations{Registrations}; ///< last: waits for what runs before the rest goes

    [[nodiscard]] store::XetStore& store() const { return context.store.xet(); }
    /// Why the permit's principal may have the bytes of this content; nothing when it may not.
    [[nodiscard]] Result<std::optional<ContentRight>> rightOf(const Permit& permit,
                                                              const Sha256& content) const
    {
        return rightTo(context, permit.principal(), content, context.clock.nowMs());
    }
    /// The same as a question for the store; an error becomes a no, the first is kept in `looked`. Both must
    /// outlive it.
    [[nodiscard]] std::function<bool(const Sha256&)> mayHave(const Permit& permit,
                                                             Result<void>& looked) const;
    /// May the caller know that the xorb is stored?
    [[nodiscard]] Result<bool> mayKnow(const Permit& permit, const XetHash& xorb) const;
    /// The xorb and others that the content is made of: who has one chunk of a file often has the next ones
    /// too, and clients ask about few of them.
    [[nodiscard]] Result<std::vector<xet::ShardXorb>>
    xorbsAround(const store::XetStore::FoundChunk& hit) const;
    struct VisibleFile : store::XetStore::File {
        ContentRight right;
    };
    /// Error: NotFound also for files that the caller may not have.
    [[nodiscard]] Result<VisibleFile> file(const Permit& permit, const XetHash& hash) const;
};

Xet::Xet(ServiceContext& context) : d(new Private{context}) {}

Xet::~Xet() = default;

Result<Xet::Private::VisibleFile> Xet::Private::file(const Permit& permit, const XetHash& hash) const
{
    const auto file = store().file(hash);
    if (!file)
        return forward(file);
    const auto right = rightOf(permit, file->sha256);
    if (!right)
        return forward(right);
    if (!*right)
        return fail(ErrorCode::NotFound, QStringLiteral("There is no such file"));
    return VisibleFile{*file, **right};
}

std::function<bool(const Sha256&)> Xet::Private::mayHave(const Permit& permit, Result<void>& looked) const
{
    return [this, &permit, &looked](const Sha256& content) {
        const auto right = rightOf(permit, content);
        if (!right && looked)
            looked = forward(right);
        return right && *right;
    };
}

Result<bool> Xet::Private::mayKnow(const Permit& permit, const XetHash& xorb) const
{
    if (senders->hasSent(claimantOf(permit.principal()), xorb))
        return true;
    Result<void> looked;
    const auto seen = store().isSeen(xorb, mayHave(permit, looked));
    return looked ? seen : forward(looked);
}

Result<qint64> Xet::fileSize(const Permit& permit, const XetHash& file) const
{
    const auto found = d->file(permit, file);
    if (!found)
        return forward(found);
    return found->size;
}

Result<Xet::Plan> Xet::reconstruct(const Permit& permit, const XetHash& file, QByteArrayView range) const
{
    const auto found = d->file(permit, file);
    if (!found)
        return forward(found);
    const auto part = xet::parseReconstructionRange(range, found->size);
    if (!part)
        return forward(part);
    Plan plan;
    addPackage(plan, found->right);
    if (*part) {
        const auto terms = d->store().terms(file);
        if (!terms)
            return forward(terms);
        auto chunks = xet::planReconstruction(*terms, **part, *d->store().offsets());
        if (!chunks)
            return forward(chunks);
        plan.chunks = std::move(*chunks);
    }
    plan.files.push_back({file, plan.chunks.terms.size()});
    return plan;
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

Result<Xet::Plan> Xet::reconstructBatch(const Permit& permit, std::span<const XetHash> files) const
{
    Plan plan;
    std::vector<xet::Term> all;
    qint64 bytes = 0;
    std::unordered_set<XetHash> named;
    for (const XetHash& hash : files) {
        if (!named.insert(hash).second)
            continue;
        const auto found = d->file(permit, hash);
        if (!found && found.error().code() == ErrorCode::NotFound)
            continue;
        if (!found)
            return forward(found);
        const auto terms = d->store().terms(hash);
        if (!terms)
            return forward(terms);
        if (all.size() + terms->size() > MaxBatchTerms)
            return fail(ErrorCode::TooLarge, QStringLiteral("These files are too many for one answer"));
        plan.files.push_back({hash, terms->size()});
        addPackage(plan, found->right);
        all.insert(all.end(), terms->begin(), terms->end());
        bytes += found->size;
    }
    if (bytes == 0)
        return plan;
    auto chunks = xet::planReconstruction(all, {0, bytes - 1}, *d->store().offsets());
    if (!chunks)
        return forward(chunks);
    plan.chunks = std::move(*chunks);
    return plan;
}

Result<Xet::Records> Xet::records(const XetHash& xorb, const ByteRange& bytes) const
{
    auto records = d->store().records(xorb, bytes);
    if (!records)
        return forward(records);
    return Records{std::move(records->extents), records->streamBytes};
}

Result<std::vector<xet::ShardXorb>> Xet::Private::xorbsAround(const store::XetStore::FoundChunk& hit) const
{
    std::vector<xet::ShardXorb> described;
    std::size_t chunks = 0;
    const auto describe = [&](const store::XetStore::FoundChunk& found) {
        described.push_back(describedXorb(found));
        chunks += found.shown.size();
    };
    describe(hit);
    const auto file = store().fileOf(hit.content);
    if (!file)
        return forward(file);
    if (!*file)
        return described;
    auto terms = store().terms(**file);
    if (!terms)
        return forward(terms);
    // A client reads on from the chunk that it asked about.
    const auto here = std::find_if(terms->begin(), terms->end(),
                                   [&](const xet::Term& term) { return term.xorb == hit.xorb->hash(); });
    std::rotate(terms->begin(), here, terms->end());
    std::unordered_set<XetHash> seen{hit.xorb->hash()};
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
                                            [&](const Sha256& user) { return user == hit.content; });
        if (!kept)
            return forward(kept);
        if (*kept && (*kept)->xorb->hash() == term.xorb)
            describe(**kept);
    }
    return described;
}

Result<QByteArray> Xet::dedupAnswer(const Permit& permit, const XetHash& chunk) const
{
    Result<void> looked;
    const auto found = d->store().findChunk(chunk, d->mayHave(permit, looked));
    if (!looked)
        return forward(looked);
    if (!found)
        return forward(found);
    if (!*found)
        return fail(ErrorCode::NotFound, QStringLiteral("No xorb with this chunk is known"));
    const auto described = d->xorbsAround(**found);
    if (!described)
        return forward(described);
    // A key of its own for each answer, as the protocol has it. It hides no chunk that can be guessed, being
    // told together with the answer: those of files that the caller may not see are not in it at all.
    const QByteArray secret = randomBytes(XetHash::Size);
    xet::HashKey key;
    std::copy(secret.begin(), secret.end(), key.begin());
    const qint64 now = d->context.clock.nowMs();
    return xet::writeDedupShard(*described, {now / SecondMs, (now + DedupLifeMs) / SecondMs, key});
}

Result<qint64> Xet::xorbBytes(const Permit& permit, const XetHash& xorb) const
{
    const auto size = d->store().xorbSize(xorb);
    if (!size)
        return forward(size);
    const auto told = *size ? d->mayKnow(permit, xorb) : Result<bool>(false);
    if (!told)
        return forward(told);
    if (!*told)
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
    info.file = QStringLiteral("Xet data"); // of one file or several: who sends it does not say
    info.total = length;
    auto note = [senders = d->senders, xorb,
                 sender = catalog::Claimant{permit.principal().userId, permit.repository().folded()}] {
        senders->note(sender, xorb);
    };
    return std::make_unique<XorbUpload>(d->context, std::move(*upload),
                                        d->context.transfers.start(std::move(info)), std::move(note));
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
