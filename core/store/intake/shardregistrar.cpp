// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/shardregistrar.h"

#include "core/base/faultpoint.h"
#include "core/base/hasher.h"
#include "core/store/files/fileio.h"
#include "core/store/tables/xorbqueries.h"
#include "core/xet/keyedhash.h"
#include "core/xet/merkletree.h"

#include <QLoggingCategory>

#include <algorithm>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

constexpr qint64 HashStepBytes = 64LL << 20; ///< between two looks at the cancel token
constexpr qint64 ReportIntervalMs = 500;
constexpr std::size_t MaxRangeHashes = 1U << 16; ///< that are remembered: 10 MiB

tl::unexpected<Error> refused(const QString& why)
{
    return fail(ErrorCode::InvalidArgument, why);
}

QString textOf(const XetHash& hash)
{
    return QString::fromLatin1(hash.toText());
}

} // namespace

ShardRegistrar::~ShardRegistrar()
{
    for (const auto& [hash, row] : m_xorbs)
        m_context.leases.release(fileNameOf(hash));
}

Result<ShardOutcome> ShardRegistrar::run(xet::ShardReader shard, const RecordWithFiles& alsoRecord)
{
    if (const auto writable = m_context.checkWritable(); !writable)
        return forward(writable);
    while (const auto claimed = shard.nextXorb()) {
        if (const auto proceed = checkCancelled(); !proceed)
            return forward(proceed);
        report();
        if (const auto checked = checkXorb(*claimed); !checked)
            return forward(checked);
    }
    while (const auto claimed = shard.nextFile()) {
        if (const auto proceed = checkCancelled(); !proceed)
            return forward(proceed);
        if (const auto checked = checkFile(*claimed); !checked)
            return forward(checked);
    }
    if (const auto hashed = hashFiles(); !hashed)
        return forward(hashed);
    auto outcome = record(alsoRecord);
    if (!outcome)
        return outcome;
    for (const StoredFile& file : m_superseded)
        m_context.forget(file.id);
    if (HUBLET_FAULT_POINT("store.after-shard-commit"))
        return fail(ErrorCode::Io, QStringLiteral("Cannot go on after registering a shard"));
    removeSuperseded();
    return outcome;
}

/// The files are registered whether this succeeds or not.
void ShardRegistrar::removeSuperseded()
{
    for (const StoredFile& file : m_superseded) {
        if (const auto removed = m_context.removeUnrecorded(file); !removed)
            qCWarning(storeLog, "left a file for the sweep: %s", qUtf8Printable(removed.error().describe()));
    }
}

Result<XorbCache::Xorb> ShardRegistrar::xorb(const XetHash& hash)
{
    const auto missing = [&] {
        return refused(
            QStringLiteral("The shard refers to xorb %1, which is not stored here").arg(textOf(hash)));
    };
    auto known = m_xorbs.find(hash);
    if (known == m_xorbs.end()) {
        m_context.leases.acquire(fileNameOf(hash));
        known = m_xorbs.emplace(hash, XorbRow()).first;
        const auto row = m_context.database.read(
            [&](db::Transaction& transaction) { return queries::findXorb(transaction, hash); });
        if (!row)
            return forward(row);
        if (!*row)
            return missing();
        known->second = **row;
    }
    auto opened = m_context.openXorb(known->second.file);
    const bool isLost = !opened && (opened.error().code() == ErrorCode::NotFound ||
                                    opened.error().code() == ErrorCode::Corrupt);
    return isLost ? missing() : opened;
}

Result<void> ShardRegistrar::checkXorb(const xet::ShardXorb& claimed)
{
    const auto stored = xorb(claimed.hash);
    if (!stored)
        return forward(stored);
    if (!std::ranges::equal((*stored)->index.chunks(), claimed.chunks))
        return refused(QStringLiteral("The chunks that the shard lists are not those of xorb %1")
                           .arg(textOf(claimed.hash)));
    return {};
}

Result<void> ShardRegistrar::checkFile(const xet::ShardFile& claimed)
{
    auto terms = checkTerms(claimed);
    if (!terms)
        return forward(terms);
    const auto [seen, isFirst] = m_seen.emplace(claimed.hash, m_files.size());
    if (!isFirst) {
        auto& claim = m_files[seen->second].claim;
        if (claim && claimed.sha256 && claim != claimed.sha256)
            return refused(
                QStringLiteral("The shard names two SHA-256 for file %1").arg(textOf(claimed.hash)));
        claim = claim ? claim : claimed.sha256;
        return {};
    }
    CheckedFile checked;
    checked.file.hash = claimed.hash;
    for (const StoredTerm& term : *terms)
        checked.file.size += term.rawBytes;
    checked.terms = std::move(*terms);
    checked.claim = claimed.sha256;
    const auto known = findSound(claimed.hash);
    if (!known)
        return forward(known);
    checked.isNew = !*known;
    if (*known) // needs no hashing: its SHA-256 was computed here
        checked.file.sha256 = (*known)->sha256;
    else
        m_totalBytes += checked.file.size;
    m_files.push_back(std::move(checked));
    return {};
}

/// The file as it is registered, unless its bytes are damaged.
Result<std::optional<XetFileRow>> ShardRegistrar::findSound(const XetHash& file) const
{
    return m_context.database.read([&](db::Transaction& transaction) -> Result<std::optional<XetFileRow>> {
        auto known = queries::findXetFile(transaction, file);
        if (!known || !*known)
            return known;
        const auto damaged = queries::isDamaged(transaction, (*known)->id);
        if (!damaged)
            return forward(damaged);
        return *damaged ? std::nullopt : *known;
    });
}

/// The terms as they are stored. The range hashes prove that whoever made the shard knew the chunks, and not
/// only the names of other people's xorbs.
Result<std::vector<StoredTerm>> ShardRegistrar::checkTerms(const xet::ShardFile& claimed)
{
    const QString name = textOf(claimed.hash);
    if (claimed.rangeHashes.size() != claimed.terms.size())
        return refused(QStringLiteral("The shard does not prove the terms of file %1").arg(name));
    std::vector<StoredTerm> terms;
    terms.reserve(claimed.terms.size());
    xet::MerkleTree tree;
    XorbCache::Xorb current; // terms of one xorb often follow each other
    for (std::size_t i = 0; i < claimed.terms.size(); ++i) {
        if (const auto proceed = checkCancelled(); !proceed)
            return forward(proceed);
        report();
        const xet::Term& term = claimed.terms[i];
        if (!current || current->hash() != term.xorb) {
            const auto stored = xorb(term.xorb);
            if (!stored)
                return forward(stored);
            current = *stored;
        }
        const XorbIndex& index = current->index;
        if (term.chunkStart >= term.chunkEnd || term.chunkEnd > index.count())
            return refused(QStringLiteral("A term of file %1 lies outside its xorb").arg(name));
        const qint64 rawStart = index.rawOffset(term.chunkStart);
        const qint64 rawBytes = index.rawOffset(term.chunkEnd) - rawStart;
        if (rawBytes != term.bytes)
            return refused(QStringLiteral("A term of file %1 has another size than it says").arg(name));
        const auto proof = rangeHash(term, index);
        if (!proof)
            return forward(proof);
        if (*proof != claimed.rangeHashes[i])
            return refused(QStringLiteral("The range hash of a term of file %1 is wrong").arg(name));
        tree.add(index.chunks(term.chunkStart, term.chunkEnd));
        terms.push_back({current->file, term.chunkStart, term.chunkEnd, rawStart, rawBytes});
    }
    if (tree.fileHash() != claimed.hash)
        return refused(QStringLiteral("The terms do not make up file %1").arg(name));
    return terms;
}

Result<XetHash> ShardRegistrar::rangeHash(const xet::Term& term, const XorbIndex& index)
{
    const TermRange range(term.xorb, term.chunkStart, term.chunkEnd);
    if (const auto known = m_rangeHashes.find(range); known != m_rangeHashes.end())
        return known->second;
    if (const XorbRow& row = m_xorbs.at(term.xorb); row.verifiedMs == 0) {
        const auto damaged = m_context.database.read([&](db::Transaction& transaction) {
            return queries::hasDamage(transaction, row.file.id, term.chunkStart, term.chunkEnd);
        });
        if (!damaged)
            return forward(damaged);
        if (*damaged)
            return refused(
                QStringLiteral("The shard refers to damaged chunks of xorb %1").arg(textOf(term.xorb)));
    }
    if (m_rangeHashes.size() == MaxRangeHashes)
        m_rangeHashes.clear();
    const XetHash hash = xet::rangeHash(index.chunks(term.chunkStart, term.chunkEnd));
    m_rangeHashes.emplace(range, hash);
    return hash;
}

Result<void> ShardRegistrar::hashFiles()
{
    for (CheckedFile& checked : m_files) {
        if (checked.isNew) {
            const auto sha256 = hashOf(checked.terms);
            if (!sha256)
                return forward(sha256);
            checked.file.sha256 = *sha256;
        }
        if (checked.claim && *checked.claim != checked.file.sha256)
            return fail(ErrorCode::DigestMismatch,
                        QStringLiteral("File %1 does not have the SHA-256 that the shard says")
                            .arg(textOf(checked.file.hash)));
    }
    if (m_progress)
        m_progress(m_hashedBytes, m_totalBytes);
    return {};
}

Result<Sha256> ShardRegistrar::hashOf(const std::vector<StoredTerm>& terms)
{
    const auto extents = m_context.extentsOf(terms);
    if (!extents)
        return forward(extents);
    Sha256Hasher hasher;
    for (const Extent& extent : *extents) {
        for (qint64 done = 0; done < extent.length; done += HashStepBytes) {
            if (const auto proceed = checkCancelled(); !proceed)
                return forward(proceed);
            const qint64 step = std::min(HashStepBytes, extent.length - done);
            const auto read = readBlocks(extent.file->get(), extent.offset + done, step,
                                         [&](QByteArrayView block) { hasher.add(block); });
            if (!read)
                return forward(read);
            m_hashedBytes += step;
            report();
        }
    }
    return hasher.finish();
}

Result<ShardOutcome> ShardRegistrar::record(const RecordWithFiles& alsoRecord)
{
    const qint64 nowMs = m_context.clock.nowMs();
    return m_context.database.write([&](db::Transaction& transaction) -> Result<ShardOutcome> {
        for (const auto& [hash, xorb] : m_xorbs) {
            if (const auto kept = keepXorb(transaction, xorb, nowMs); !kept)
                return forward(kept);
        }
        ShardOutcome files;
        for (const CheckedFile& checked : m_files) {
            auto file = recordFile(transaction, checked, nowMs);
            if (!file)
                return forward(file);
            files.files.push_back(std::move(*file));
        }
        if (alsoRecord) {
            if (const auto recorded = alsoRecord(transaction, files.files); !recorded)
                return forward(recorded);
        }
        return files;
    });
}

/// Touches the xorb; one that was on its way out lives again.
Result<void> ShardRegistrar::keepXorb(db::Transaction& transaction, const XorbRow& xorb, qint64 nowMs)
{
    if (!xorb.dyingSinceMs)
        return queries::touchXorb(transaction, xorb.file.id, nowMs);
    const auto stored = m_context.openXorb(xorb.file);
    if (!stored)
        return forward(stored);
    const auto revived = queries::addXorb(transaction, xorb.file, (*stored)->index, nowMs);
    return revived ? Result<void>() : forward(revived);
}

Result<RegisteredFile> ShardRegistrar::recordFile(db::Transaction& transaction, const CheckedFile& checked,
                                                  qint64 nowMs)
{
    const XetFileRow& file = checked.file;
    const auto id = queries::addXetFile(transaction, file, checked.terms, nowMs);
    if (!id)
        return forward(id);
    const auto left = queries::useXetFile(transaction, file.sha256, file.size, *id, nowMs);
    if (!left)
        return forward(left);
    if (*left && (*left)->kind == FileKind::Blob) {
        if (const auto deleted = queries::deleteEmptyFile(transaction, (*left)->id); !deleted)
            return forward(deleted);
        m_superseded.push_back(**left);
    }
    return RegisteredFile{file.hash, file.sha256, file.size, checked.isNew};
}

Result<void> ShardRegistrar::checkCancelled() const
{
    if (m_cancel.isCancelled())
        return fail(ErrorCode::Cancelled, QStringLiteral("The registration of a shard was cancelled"));
    return {};
}

/// At once the first time, then now and then.
void ShardRegistrar::report()
{
    if (!m_progress || (m_sinceReport.isValid() && !m_sinceReport.hasExpired(ReportIntervalMs)))
        return;
    m_sinceReport.start();
    m_progress(m_hashedBytes, m_totalBytes);
}

} // namespace hublet::store
