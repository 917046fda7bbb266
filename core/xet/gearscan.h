// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

/// The rolling hash of the chunker (xet.md 2). It forgets all but the last 64 bytes.
namespace hublet::xet {

inline constexpr qsizetype GearWindowBytes = 64;

/// `hash` after `count` more bytes.
[[nodiscard]] quint64 gearHash(quint64 hash, const uchar* bytes, qsizetype count);

/// Goes on with `hash` over `count` bytes, up to the first after which a chunk may end. Returns how many
/// bytes lead there, 0 when there is no such byte; `hash` is then the hash after all of them.
[[nodiscard]] qsizetype findGearMatch(quint64& hash, const uchar* bytes, qsizetype count);

} // namespace hublet::xet
