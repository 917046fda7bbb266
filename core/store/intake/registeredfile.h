// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/xethash.h"
#include "core/db/transaction.h"

#include <functional>
#include <vector>

namespace hublet::store {

/// A file whose terms were checked: the bytes of `hash` have this size and SHA-256.
struct RegisteredFile {
    XetHash hash;
    Sha256 sha256;
    qint64 size = 0;    ///< bytes
    bool isNew = false; ///< not known under this hash before
};

struct ShardOutcome {
    std::vector<RegisteredFile> files; ///< in the order of the shard, each once

    [[nodiscard]] bool changedAnything() const
    {
        return std::any_of(files.begin(), files.end(), [](const RegisteredFile& file) { return file.isNew; });
    }
};

/// What the caller adds to the transaction that makes files known, such as who may refer to them.
using RecordWithFiles =
    std::function<Result<void>(db::Transaction&, const std::vector<RegisteredFile>& files)>;

} // namespace hublet::store
