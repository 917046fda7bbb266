// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/base/xethash.h"
#include "core/service/xet/shardupload.h"
#include "core/service/xet/xorbupload.h"
#include "core/store/context/content.h"
#include "core/xet/inplaceedit.h"
#include "core/xet/reconstruction.h"

#include <functional>
#include <memory>
#include <span>
#include <vector>

namespace hublet::service {

struct ServiceContext;

/// What Xet clients ask for (xet.md 6): reconstruction of files, chunks, uploads of xorbs and shards, for a
/// permit from XetAccess. Thread-safe; reads the database.
///
/// Data is told of, and handed out, only when the caller may have it: a file when the caller may name its
/// content in a commit (DECISIONS 20), a chunk when it is part of such a file. Everything else is NotFound.
class Xet {
public:
    explicit Xet(ServiceContext& context);
    ~Xet();

    /// Bytes of a file. Errors: NotFound.
    [[nodiscard]] Result<qint64> fileSize(const access::Permit& permit, const XetHash& file) const;
    /// How files are put together.
    struct Plan {
        struct File {
            XetHash hash;
            std::size_t terms = 0; ///< how many of the plan's
        };
        std::vector<File> files;      ///< those that exist, in the order asked
        xet::Reconstruction chunks;   ///< of all of them, one behind the other
        std::vector<qint64> packages; ///< why the caller may have them; for XetAccess::signFetch()
    };
    /// How to put together the part of a file that the value of a Range header names. The same question has
    /// the same answer. Errors: NotFound, Corrupt, InvalidArgument, RangeNotSatisfiable.
    [[nodiscard]] Result<Plan> reconstruct(const access::Permit& permit, const XetHash& file,
                                           QByteArrayView range) const;

    /// What a client must know to change the bytes in place that the value of an X-Range-Dirty header names.
    /// Errors: NotFound, Corrupt, InvalidArgument, RangeNotSatisfiable, TooLarge.
    [[nodiscard]] Result<xet::InPlaceEdit> planInPlaceEdit(const access::Permit& permit, const XetHash& file,
                                                           QByteArrayView dirtyRanges) const;

    /// Of all files of a batch. One file alone may have more: it is asked for by its parts.
    static constexpr std::size_t MaxBatchTerms = std::size_t(1) << 17;
    /// Whole files, each once however often it is named; unknown ones are left out. Errors: Corrupt, TooLarge
    /// (more than MaxBatchTerms).
    [[nodiscard]] Result<Plan> reconstructBatch(const access::Permit& permit,
                                                std::span<const XetHash> files) const;

    struct Records {
        std::vector<Extent> extents;
        qint64 total = 0; ///< bytes of all records of the xorb
    };
    /// A part of the chunk records of a xorb, of which the caller has a fetch URL. Errors: NotFound, Corrupt,
    /// RangeNotSatisfiable.
    [[nodiscard]] Result<Records> records(const XetHash& xorb, const ByteRange& bytes) const;

    /// A shard that describes a xorb with this chunk, and others of the file it was found in (xet.md 5.8).
    /// Errors: NotFound.
    [[nodiscard]] Result<QByteArray> dedupAnswer(const access::Permit& permit, const XetHash& chunk) const;

    /// Bytes of the chunk records of a xorb, told to who may have a file with a chunk of it, and to who sent
    /// it lately: a client that goes on with an upload asks for xorbs that are in no file yet. Errors:
    /// NotFound.
    [[nodiscard]] Result<qint64> xorbBytes(const access::Permit& permit, const XetHash& xorb) const;
    /// Takes in a xorb. `length`: of the body in bytes, -1 when unknown. The quota counts the raw bytes as
    /// they come. Errors: TooLarge, NoSpace, ReadOnly, QuotaExceeded.
    [[nodiscard]] Result<std::unique_ptr<XorbUpload>> receiveXorb(const access::Permit& permit,
                                                                  const XetHash& xorb, qint64 length,
                                                                  const QString& client) const;
    /// Takes in a shard. Errors: TooLarge, NoSpace, Io.
    [[nodiscard]] Result<std::unique_ptr<ShardUpload>> receiveShard(const access::Permit& permit,
                                                                    qint64 length) const;
    /// ShardUpload::registerFiles on a thread that does nothing else; a few run at once, the others wait, and
    /// all give signs of life to `progress`, which may be empty (JobQueue). `done` is called there once,
    /// after the last sign. Ends with Cancelled soon after `cancel` is cancelled, which the end of the
    /// program does too.
    void registerInBackground(std::unique_ptr<ShardUpload> shard, ProgressFunction progress,
                              std::function<void(const Result<bool>& changed)> done, CancelToken cancel);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hublet::service
