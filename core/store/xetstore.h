// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byterange.h"
#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/store/context/content.h"
#include "core/store/files/storedxorb.h"
#include "core/store/intake/registeredfile.h"
#include "core/store/intake/xorbupload.h"
#include "core/xet/inplaceedit.h"
#include "core/xet/reconstruction.h"

#include <optional>
#include <span>

namespace hublet::store {

class StoreContext;

/// The store as Xet clients know it: xorbs, files as terms over them, and chunks that are there already. The
/// same bytes as ContentStore gives by SHA-256. Who may see what is the caller's business. Thread-safe;
/// functions block on disk and database. Hashes are parsed already; unknown ones are NotFound.
class XetStore {
public:
    /// What a client believes to be stored is kept so long after it was last uploaded, referred to or shown
    /// (xet.md 9.4).
    static constexpr qint64 KeepMs = 28LL * 24 * 3600 * 1000;

    explicit XetStore(StoreContext& context) : m_context(context) {}

    // Files

    /// The file that a content is served as: the same for ever while it is stored as segments. Nothing when
    /// it is not stored as segments, or damaged.
    [[nodiscard]] Result<std::optional<XetHash>> fileOf(const Sha256& content) const;
    /// The same for many at once, in their order.
    [[nodiscard]] Result<std::vector<std::optional<XetHash>>> filesOf(std::span<const Sha256> contents) const;

    struct File {
        XetHash hash;
        Sha256 sha256;
        qint64 size = 0; ///< bytes
    };
    /// Errors: NotFound; Corrupt when its bytes are damaged.
    [[nodiscard]] Result<File> file(const XetHash& hash) const;
    /// In file order. Errors: those of file().
    [[nodiscard]] Result<std::vector<xet::Term>> terms(const XetHash& hash) const;
    /// The bytes, ready to be sent. Errors: those of file(), Io.
    [[nodiscard]] Result<Content> open(const XetHash& hash) const;

    // Xorbs

    /// Is stored and undamaged, for HEAD: size of its record stream in bytes.
    [[nodiscard]] Result<std::optional<qint64>> xorbSize(const XetHash& hash) const;
    /// Does a content use it that `maySee` accepts? Looks at so many of them that even a xorb that everything
    /// uses takes little time: beyond that the answer is no.
    [[nodiscard]] Result<bool> isSeen(const XetHash& hash,
                                      const std::function<bool(const Sha256& content)>& maySee) const;
    /// Its chunks, in order. Errors: NotFound, Corrupt, Io.
    [[nodiscard]] Result<std::shared_ptr<const StoredXorb>> xorb(const XetHash& hash) const;
    /// For planReconstruction(). Holds the lists of a few xorbs, however many are asked for. Used by one
    /// thread; must not outlive the store.
    [[nodiscard]] std::unique_ptr<xet::XorbOffsets> offsets() const;
    /// For planInPlaceEdit(). Holds the lists of a few xorbs, however many are asked for.
    /// Used by one thread; must not outlive the store.
    [[nodiscard]] std::unique_ptr<xet::TermChunks> chunks() const;

    struct Records {
        std::vector<Extent> extents;
        qint64 streamBytes = 0; ///< of the whole xorb
    };
    /// A part of the xorb's record stream: all chunks with their headers, sent raw. Errors: NotFound, Corrupt
    /// (a chunk of the part is damaged), RangeNotSatisfiable, Io.
    [[nodiscard]] Result<Records> records(const XetHash& xorb, ByteRange range) const;

    // Upload

    /// `mayHold` is asked as XorbUpload::append() goes on; by default anything goes. Errors: ReadOnly,
    /// NoSpace, Io.
    [[nodiscard]] Result<XorbUpload> putXorb(const XetHash& announced, RawBytesCheck mayHold = {});
    /// Error: NoSpace when the disk has no room for `bytes` more and the reserve.
    [[nodiscard]] Result<void> checkSpace(qint64 bytes) const;
    /// Checks all a shard says against what is stored (xet.md 5.7) and makes its files known, durably and all
    /// or none, together with what `alsoRecord` adds. The SHA-256 of new files are computed from the stored
    /// bytes: progress is in bytes. A content that lay whole consists of segments afterwards. May be
    /// repeated. `body` may be a mapping. Errors: Malformed, Unsupported, TooLarge, InvalidArgument (says
    /// something untrue), DigestMismatch (wrong SHA-256), Cancelled, ReadOnly, Io, Database.
    [[nodiscard]] Result<ShardOutcome> registerShard(QByteArrayView body, const RecordWithFiles& alsoRecord,
                                                     const ProgressFunction& progress,
                                                     const CancelToken& cancel);

    // Deduplication

    struct FoundChunk {
        std::shared_ptr<const StoredXorb> xorb;
        Sha256 content; ///< one that uses the chunk
        /// For each chunk of the xorb: is it in a content that the caller may see? Others may be a secret of
        /// who uploaded them.
        std::vector<bool> shown;
    };
    /// A xorb that holds the chunk, for the answer to a deduplication query; nothing when there is none, or
    /// `maySee` accepts no content that uses the chunk. A xorb that is given is kept for KeepMs from now.
    [[nodiscard]] Result<std::optional<FoundChunk>>
    findChunk(const XetHash& chunk, const std::function<bool(const Sha256& content)>& maySee);

private:
    StoreContext& m_context;
};

} // namespace hublet::store
