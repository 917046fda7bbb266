// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/uploads/uploads.h"

namespace hublet::service {

/// Puts the parts of a multipart upload together (hub-api 10.3). Each part is a content of its own, claimed
/// by the uploader and named by its ETag, so nothing else needs to be remembered between requests; the sweep
/// takes the parts when their claims are over.
class MultipartAssembly {
public:
    /// Parts of one upload.
    static constexpr qint64 MaxParts = 10'000;

    explicit MultipartAssembly(const UploadTicket& ticket) : m_ticket(ticket) {}

    /// Bytes of part `number` (from 1); -1 when there is no such part.
    [[nodiscard]] qint64 sizeOf(int number) const;
    /// Keeps the whole object in the uploader's name. Errors: InvalidArgument (parts missing, doubled or not
    /// this uploader's), LengthMismatch, DigestMismatch, and those of the store.
    [[nodiscard]] Result<void> assemble(const ServiceContext& context, std::vector<Uploads::Part> parts,
                                        store::StorageForm form) const;

private:
    [[nodiscard]] qint64 partCount() const;
    [[nodiscard]] Result<std::vector<Sha256>> checkParts(const ServiceContext& context,
                                                         std::vector<Uploads::Part> parts) const;

    const UploadTicket& m_ticket;
};

} // namespace hublet::service
