// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace hublet::archive {

/// What a bundle may hold, in the order in which it lies there. Nothing else is accepted when reading.
enum class BundleEntryKind {
    Manifest, ///< "manifest.json": first
    Settings, ///< "settings.json"
    Database, ///< "hublet.db"
    Blob,     ///< "blobs/<sha256>": a file of the store, named by the SHA-256 of its bytes
    Pack,     ///< "packs/<sha256>"
    Xorb,     ///< "xorbs/<hex of the bytes of its xorb hash>": says itself what its bytes must be
    End,      ///< "end.json": last, so that a bundle cut short is noticed
};

/// Which file a piece of a bundle belongs to, and which part of it.
struct BundleEntryName {
    BundleEntryKind kind = BundleEntryKind::Manifest;
    Sha256 digest; ///< of blobs and packs; the name of a xorb
    int part = 0;  ///< from 0; each but the last has BundlePartBytes

    bool operator==(const BundleEntryName&) const = default;

    /// Is there one of its kind, named by a word and not by a digest?
    [[nodiscard]] bool isSingle() const { return !fileName().isEmpty(); }
    /// "hublet.db": the name without the part, when it is a single one; else empty.
    [[nodiscard]] QByteArray fileName() const;

    /// "blobs/<64 hex digits>@<part>"
    [[nodiscard]] QByteArray text() const;
    /// Nothing when it is not exactly what text() makes.
    [[nodiscard]] static std::optional<BundleEntryName> parse(QByteArrayView text);
};

/// Larger files are stored in parts of this many bytes (DECISIONS 26: a tar header's size ends at 8 GiB).
inline constexpr qint64 BundlePartBytes = 1LL << 30;

} // namespace hublet::archive
