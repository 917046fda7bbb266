// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace hublet::archive {

/// Header of a plain file in a POSIX (ustar) archive, as far as bundles use it. Anything else is not
/// understood, by intention: links, folders, devices, extended headers, names of more than 99 bytes.
struct TarHeader {
    static constexpr qsizetype Bytes = 512; ///< of a header; contents are padded to a multiple of it

    QByteArray name;
    qint64 size = 0; ///< bytes of the contents

    /// `block` has `Bytes` bytes. Nothing when magic or checksum are wrong or it is not a plain file.
    [[nodiscard]] static std::optional<TarHeader> parse(QByteArrayView block);
    [[nodiscard]] qint64 padding() const { return (Bytes - size % Bytes) % Bytes; }
};

} // namespace hublet::archive
