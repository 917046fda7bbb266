// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/claimant.h"
#include "core/service/context/transfers.h"
#include "core/service/uploads/uploads.h"

namespace hublet::service {

/// Receives an LFS object, or one part of one, straight into the store; the uploader may then name it in a
/// commit.
class StoredObjectUpload : public ObjectUpload {
public:
    /// A part has no digest of its own to compare with: `expected` is absent.
    struct What {
        catalog::Claimant claimant;
        qint64 size = 0; ///< bytes, exactly
        std::optional<Sha256> expected;
        store::StorageForm form = store::StorageForm::Whole;
    };
    StoredObjectUpload(const ServiceContext& context, What what, std::shared_ptr<TransferHandle> transfer);
    ~StoredObjectUpload() override;

    /// Reserves space. Call once, first.
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> append(QByteArrayView bytes) override;
    [[nodiscard]] Result<void> appendBlock(QByteArray& block) override;
    [[nodiscard]] Result<QByteArray> finish() override;

private:
    Result<void> noteAppended(Result<void> appended, qsizetype bytes);
    [[nodiscard]] Result<QByteArray> keep();

    const ServiceContext& m_context;
    const What m_what;
    const std::shared_ptr<TransferHandle> m_transfer;
    store::ContentWriter m_writer;
    bool m_finished = false;
};

} // namespace hublet::service
