// SPDX-License-Identifier: Apache-2.0
#include "core/archive/bundleentry.h"

#include <array>
#include <utility>

namespace hublet::archive {

namespace {

constexpr int MaxPart = 1 << 20; // parts of one file: 1 PiB

constexpr std::array<std::pair<BundleEntryKind, const char*>, 4> Singles{{
    {BundleEntryKind::Manifest, "manifest.json"},
    {BundleEntryKind::Settings, "settings.json"},
    {BundleEntryKind::Database, "hublet.db"},
    {BundleEntryKind::End, "end.json"},
}};
constexpr std::array<std::pair<BundleEntryKind, const char*>, 3> Folders{{
    {BundleEntryKind::Blob, "blobs/"},
    {BundleEntryKind::Pack, "packs/"},
    {BundleEntryKind::Xorb, "xorbs/"},
}};

} // namespace

QByteArray BundleEntryName::fileName() const
{
    for (const auto& [single, word] : Singles) {
        if (single == kind)
            return word;
    }
    return {};
}

QByteArray BundleEntryName::text() const
{
    QByteArray name = fileName();
    for (const auto& [folder, word] : Folders) {
        if (folder == kind)
            name = word + digest.toHex();
    }
    return name + '@' + QByteArray::number(part);
}

std::optional<BundleEntryName> BundleEntryName::parse(QByteArrayView text)
{
    const qsizetype at = text.lastIndexOf('@');
    if (at < 0)
        return std::nullopt;
    const QByteArrayView name = text.first(at);
    BundleEntryName entry;
    bool isNumber = false;
    entry.part = text.sliced(at + 1).toByteArray().toInt(&isNumber);
    if (!isNumber || entry.part < 0 || entry.part > MaxPart)
        return std::nullopt;
    for (const auto& [single, word] : Singles) {
        if (name == word)
            entry.kind = single;
    }
    for (const auto& [folder, word] : Folders) {
        const auto digest =
            name.startsWith(word) ? Sha256::fromHex(name.sliced(qsizetype(qstrlen(word)))) : std::nullopt;
        if (digest) {
            entry.kind = folder;
            entry.digest = *digest;
        }
    }
    // Whatever was not recognised, or was spelled in another way, comes out differently.
    if (entry.text() != text)
        return std::nullopt;
    return entry;
}

} // namespace hublet::archive
