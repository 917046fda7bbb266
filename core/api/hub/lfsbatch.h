// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/service/uploads/uploads.h"

#include <QByteArray>
#include <QJsonObject>

#include <vector>

namespace hublet::api {

/// Request of the LFS batch API (hub-api 10.1).
struct LfsBatchRequest {
    static constexpr qsizetype MaxObjects = 10'000; ///< of one request; clients send at most 256

    struct Object {
        QByteArray oid;  ///< as sent; whether it is a SHA-256 is answered object by object
        qint64 size = 0; ///< bytes
    };
    enum class Operation { Upload, Download };

    Operation operation = Operation::Upload;
    bool acceptsMultipart = false; ///< among "transfers"
    bool acceptsXet = false;       ///< among "transfers"
    std::vector<Object> objects;

    /// Errors: Malformed, Unsupported (operation), TooLarge.
    [[nodiscard]] static Result<LfsBatchRequest> parse(const QJsonObject& body);
};

/// Body of the request that completes a multipart upload (hub-api 10.3): the parts in the order sent. `oid`
/// must be the one named in the body, if one is. Errors: Malformed, InvalidHash, TooLarge.
[[nodiscard]] Result<std::vector<service::Uploads::Part>> parseLfsCompletion(const QJsonObject& body,
                                                                             const Sha256& oid);

/// How an object is cut into parts: all of this size but for the last one. 0: not at all.
struct LfsParts {
    static constexpr qint64 MaxParts =
        10'000; ///< of one object; the same as elsewhere, and their URLs fit one answer

    qint64 partBytes = 0;
    qint64 count = 0;

    /// Parts of `wantedPartBytes`, or as much larger as it takes to stay within MaxParts.
    [[nodiscard]] static LfsParts cut(qint64 size, qint64 wantedPartBytes);
};

} // namespace hublet::api
