// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/staging.h"

#include "core/base/hasher.h"

#include <unistd.h>

namespace hublet::crash {

Result<store::StagedContent> stage(store::ContentWriter& writer, const QByteArray& bytes,
                                   const Sha256& promised)
{
    if (const auto begun = writer.begin(bytes.size()); !begun)
        return forward(begun);
    if (const auto appended = writer.append(bytes); !appended)
        return forward(appended);
    return writer.end(promised);
}

Result<store::StagedContent> stage(store::ContentWriter& writer, const QByteArray& bytes)
{
    return stage(writer, bytes, Sha256Hasher::hash(bytes));
}

QByteArray whereIs(const World& world, const Sha256& sha256)
{
    QByteArray path = "unknown";
    const auto content = world.store->open(sha256);
    if (content && !content->extents.empty()) {
        char buffer[4096];
        const QByteArray link = "/proc/self/fd/" + QByteArray::number(content->extents.front().file->get());
        const ssize_t length = ::readlink(link.constData(), buffer, sizeof buffer);
        if (length > 0)
            path = QByteArray(buffer, length);
    }
    return ' ' + sha256.toHex() + '@' + path;
}

} // namespace hublet::crash
