// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/base/xethash.h"

#include <QByteArrayView>

#include <functional>
#include <memory>

namespace hublet::store {

class StoreContext;

/// Asked before a xorb comes to hold so many raw bytes; an error ends its upload.
using RawBytesCheck = std::function<Result<void>(qint64 rawBytes)>;

/// One xorb as a client sends it (xet.md 4.5, 6.8). Chunks are decoded, hashed and written as they arrive, so
/// that little is left to do at the end; memory is bounded by one record. A xorb that is stored already is
/// read past. Two uploads of one xorb may race. Not thread-safe; gone without a trace when destroyed early.
class XorbUpload {
public:
    ~XorbUpload();
    XorbUpload(XorbUpload&&) noexcept;
    XorbUpload& operator=(XorbUpload&&) noexcept;

    /// The next bytes of the body. Blocks on the disk. Errors, after which the upload is over: Malformed,
    /// Unsupported, TooLarge, NoSpace, Io, those of the RawBytesCheck.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// End of the body: durable when it returns. False when the xorb was stored already; it is touched then.
    /// Of several uploads of one xorb that end together one gets true.
    /// Blocks on the database. Errors: Malformed, DigestMismatch (not the xorb that was announced), ReadOnly,
    /// NoSpace, Io, Database.
    [[nodiscard]] Result<bool> finish();

private:
    friend class XetStore;
    struct Private;
    explicit XorbUpload(std::unique_ptr<Private> d);
    [[nodiscard]] static Result<XorbUpload> begin(StoreContext& context, const XetHash& announced,
                                                  RawBytesCheck mayHold);

    std::unique_ptr<Private> d;
};

} // namespace hublet::store
