// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/trees/treepage.h"

#include "core/base/hasher.h"
#include "core/catalog/formats/lfspointer.h"
#include "core/catalog/trees/bytereader.h"

namespace hublet::catalog {

namespace {

enum class FactKind : qint64 { Regular = 0, Lfs = 1, Directory = 2 };

/// FNV-1a: stable across versions and platforms, as stored pages depend on it.
std::uint64_t stableHash(QByteArrayView bytes)
{
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : bytes) {
        hash ^= static_cast<std::uint8_t>(c);
        hash *= 0x100000001b3U;
    }
    return hash ^ (hash >> 32);
}

void appendFacts(QByteArray& facts, const StoredEntry& entry)
{
    const FactKind kind = entry.isDirectory() ? FactKind::Directory
                          : entry.lfs         ? FactKind::Lfs
                                              : FactKind::Regular;
    appendVarint(facts, qint64(kind));
    appendVarint(facts, entry.size);
    if (kind == FactKind::Directory) {
        appendVarint(facts, entry.tree);
        appendVarint(facts, entry.fileCount);
    } else {
        facts.append(entry.content.toBytes());
    }
}

void readFacts(ByteReader& facts, StoredEntry& entry)
{
    const auto kind = FactKind(facts.varint());
    entry.size = facts.varint();
    if (kind == FactKind::Directory) {
        entry.tree = facts.varint();
        entry.fileCount = facts.varint();
    } else {
        entry.lfs = kind == FactKind::Lfs;
        entry.content = facts.digest<Sha256>();
    }
}

} // namespace

TreeEntry StoredEntry::toTreeEntry(const RepoPath& path) const
{
    TreeEntry entry;
    entry.kind = isDirectory() ? TreeEntry::Kind::Directory : TreeEntry::Kind::File;
    entry.path = path;
    entry.oid = oid;
    entry.size = size;
    entry.lfs = lfs;
    entry.pointerSize = lfs ? LfsPointer{content, size}.text().size() : 0;
    entry.content = content;
    entry.fileCount = fileCount;
    return entry;
}

Sha256 EncodedPage::digest() const
{
    QByteArray gitLength;
    appendVarint(gitLength, git.size());
    Sha256Hasher hasher;
    hasher.add(gitLength);
    hasher.add(git);
    hasher.add(facts);
    return hasher.finish();
}

EncodedPage encodePage(const TreePage& entries)
{
    EncodedPage page;
    for (const StoredEntry& entry : entries) {
        page.git.append(QByteArray::number(entry.mode, 8));
        page.git.append(' ');
        page.git.append(entry.name);
        page.git.append('\0');
        page.git.append(entry.oid.toBytes());
        appendFacts(page.facts, entry);
    }
    return page;
}

Result<TreePage> decodePage(const EncodedPage& page)
{
    TreePage entries;
    ByteReader git(page.git);
    ByteReader facts(page.facts);
    while (!git.atEnd() && !git.failed() && !facts.failed()) {
        StoredEntry& entry = entries.emplace_back();
        entry.mode = git.until(' ').toByteArray().toUInt(nullptr, 8);
        entry.name = git.until('\0').toByteArray();
        entry.oid = git.digest<GitOid>();
        readFacts(facts, entry);
    }
    if (git.failed() || facts.failed() || !facts.atEnd())
        return fail(ErrorCode::Corrupt, QStringLiteral("A stored tree page cannot be read"));
    return entries;
}

bool PageCut::after(qint64 count, QByteArrayView key)
{
    if (count >= MaxEntries)
        return true;
    return count >= MinEntries && stableHash(key) % std::uint64_t(AverageEntries) == 0;
}

} // namespace hublet::catalog
