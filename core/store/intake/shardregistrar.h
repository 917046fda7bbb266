// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/store/context/storecontext.h"
#include "core/store/intake/registeredfile.h"
#include "core/xet/shardreader.h"

#include <QElapsedTimer>

#include <map>
#include <tuple>
#include <unordered_map>

namespace hublet::store {

/// One run of XetStore::registerShard: believes nothing a shard says (xet.md 5.7, points 2 to 6). Used once,
/// by one thread.
class ShardRegistrar {
public:
    /// `progress` is called as terms are checked too, then with 0 bytes done.
    ShardRegistrar(StoreContext& context, const ProgressFunction& progress, const CancelToken& cancel)
        : m_context(context), m_progress(progress), m_cancel(cancel)
    {
    }
    ~ShardRegistrar();
    ShardRegistrar(const ShardRegistrar&) = delete;
    ShardRegistrar& operator=(const ShardRegistrar&) = delete;

    [[nodiscard]] Result<ShardOutcome> run(xet::ShardReader shard, const RecordWithFiles& alsoRecord);

private:
    struct CheckedFile {
        XetFileRow file; ///< its sha256 is what the stored bytes have, once it is computed
        std::vector<StoredTerm> terms;
        std::optional<Sha256> claim;
        bool isNew = true;
    };
    using TermRange = std::tuple<XetHash, quint32, quint32>; ///< xorb, first chunk, end

    [[nodiscard]] Result<void> checkXorb(const xet::ShardXorb& claimed);
    [[nodiscard]] Result<void> checkFile(const xet::ShardFile& claimed);
    [[nodiscard]] Result<std::vector<StoredTerm>> checkTerms(const xet::ShardFile& claimed);
    /// Of chunks that are sound; the same for all terms over them.
    [[nodiscard]] Result<XetHash> rangeHash(const xet::Term& term, const XorbIndex& index);
    [[nodiscard]] Result<std::optional<XetFileRow>> findSound(const XetHash& file) const;
    [[nodiscard]] Result<void> hashFiles();
    [[nodiscard]] Result<Sha256> hashOf(const std::vector<StoredTerm>& terms);
    [[nodiscard]] Result<ShardOutcome> record(const RecordWithFiles& alsoRecord);
    [[nodiscard]] Result<void> keepXorb(db::Transaction& transaction, const XorbRow& xorb, qint64 nowMs);
    [[nodiscard]] Result<RegisteredFile> recordFile(db::Transaction& transaction, const CheckedFile& checked,
                                                    qint64 nowMs);
    void removeSuperseded();
    /// The xorb, leased until this object goes.
    [[nodiscard]] Result<XorbCache::Xorb> xorb(const XetHash& hash);
    [[nodiscard]] Result<void> checkCancelled() const;
    void report();

    StoreContext& m_context;
    const ProgressFunction& m_progress;
    const CancelToken& m_cancel;
    std::unordered_map<XetHash, XorbRow> m_xorbs; ///< all that are referred to; each is leased
    std::vector<CheckedFile> m_files;
    std::unordered_map<XetHash, std::size_t> m_seen; ///< files by hash, index in m_files
    std::map<TermRange, XetHash> m_rangeHashes;      ///< of some terms, at most MaxRangeHashes
    std::vector<StoredFile> m_superseded;            ///< left by contents that consist of segments now
    qint64 m_hashedBytes = 0;
    qint64 m_totalBytes = 0; ///< to be hashed
    QElapsedTimer m_sinceReport;
};

} // namespace hublet::store
