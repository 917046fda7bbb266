// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/base/uniquefd.h"
#include "core/catalog/model/claimant.h"

#include <QByteArrayView>

namespace hublet::service {

struct ServiceContext;

/// One shard as a Xet client sends it: collected in a file without a name, as it may be large and many may
/// come at once, then believed as far as the store can prove it. Not thread-safe.
class ShardUpload {
public:
    /// `context` must outlive it. `claimant`: in whose name the files are kept.
    [[nodiscard]] static Result<std::unique_ptr<ShardUpload>> begin(const ServiceContext& context,
                                                                    catalog::Claimant claimant);
    ~ShardUpload();
    ShardUpload(const ShardUpload&) = delete;
    ShardUpload& operator=(const ShardUpload&) = delete;

    /// Errors: TooLarge, NoSpace, Io.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// The shard is complete: looks at its form alone, which takes little time. Errors: Malformed,
    /// Unsupported, TooLarge, Io.
    [[nodiscard]] Result<void> check();
    /// After check(): makes the files of the shard known, durably, all or none; the uploader may then name
    /// them in a commit. May take minutes, as the contents are hashed; progress in bytes. False when there
    /// was nothing new. Errors: as store::XetStore::registerShard.
    [[nodiscard]] Result<bool> registerFiles(const ProgressFunction& progress, const CancelToken& cancel);

private:
    ShardUpload(const ServiceContext& context, catalog::Claimant claimant, UniqueFd file)
        : m_context(context), m_claimant(std::move(claimant)), m_file(std::move(file))
    {
    }
    [[nodiscard]] QByteArrayView body() const { return {static_cast<const char*>(m_mapping), m_size}; }

    const ServiceContext& m_context;
    const catalog::Claimant m_claimant;
    const UniqueFd m_file;
    qint64 m_size = 0; ///< bytes received
    void* m_mapping = nullptr;
};

} // namespace hublet::service
