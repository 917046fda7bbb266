// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/checker.h"

#include "core/base/hasher.h"
#include "core/store/fileio.h"

namespace hublet::crash {

namespace {

constexpr int PageSize = 1000;

} // namespace

void Checker::run(const QList<QByteArray>& acknowledged)
{
    if (m_world.store->lostAtStart() != 0)
        problem(QStringLiteral("%1 contents were lost").arg(m_world.store->lostAtStart()));
    if (const auto whole = m_world.database->checkIntegrity(); !whole)
        problem(whole.error().describe());
    for (const QByteArray& line : acknowledged)
        checkAcknowledged(line);
    catalog::PackageQuery everything;
    everything.limit = PageSize;
    const auto packages = m_world.catalog.packages(std::nullopt, everything);
    if (!packages) {
        problem(packages.error().describe());
        return;
    }
    for (const catalog::Package& package : packages->items)
        checkHistory(package);
    checkStore();
}

QString Checker::summary() const
{
    return QStringLiteral("%1 acknowledged, %2 commits, %3 contents")
        .arg(m_acknowledged)
        .arg(m_commits)
        .arg(m_goodContents.size());
}

void Checker::checkAcknowledged(const QByteArray& line)
{
    const QList<QByteArray> words = line.split(' ');
    if (words.value(0) != "ack")
        return;
    ++m_acknowledged;
    const QString what = QString::fromLatin1(words.mid(0, 3).join(' '));
    if (words.value(1) == "upload" || words.value(1) == "commit") {
        for (const QByteArray& word : words) {
            if (const auto sha256 = Sha256::fromHex(word.left(word.indexOf('@')));
                sha256 && word.contains('@'))
                checkContent(*sha256, what);
        }
    }
    if (words.value(1) == "commit") {
        const auto package = m_world.package(QStringLiteral("model"));
        const auto commit = GitOid::fromHex(words.value(3));
        if (!package || !commit || !m_world.catalog.commit(package->rowId, *commit))
            problem(what + QStringLiteral(": the commit is gone"));
    }
    if (words.value(1) == "remove") {
        const auto home = m_world.repository();
        if (!home || m_world.catalog.package(home->id, packageId(QString::fromLatin1(words.value(2)))))
            problem(what + QStringLiteral(": the package is back"));
    }
}

void Checker::checkContent(const Sha256& sha256, const QString& what)
{
    if (m_goodContents.contains(sha256))
        return;
    const auto content = m_world.store->open(sha256);
    if (!content) {
        problem(what + QStringLiteral(": ") + content.error().describe());
        return;
    }
    Sha256Hasher hasher;
    for (const Extent& extent : content->extents) {
        const auto read = store::readBlocks(extent.file->get(), extent.offset, extent.length,
                                            [&](QByteArrayView block) { hasher.add(block); });
        if (!read)
            problem(what + QStringLiteral(": ") + read.error().describe());
    }
    if (hasher.finish() != sha256)
        problem(what + QStringLiteral(": wrong bytes"));
    else
        m_goodContents.insert(sha256);
}

void Checker::checkHistory(const catalog::Package& package)
{
    if (package.head.isNull())
        return;
    const auto page = m_world.catalog.commits(package.rowId, package.head, PageSize);
    if (!page) {
        problem(page.error().describe());
        return;
    }
    for (const catalog::Commit& commit : page->commits) {
        ++m_commits;
        checkTree(package, commit.oid, commit.title);
    }
}

/// A commit is there with all its files, or it is not there.
void Checker::checkTree(const catalog::Package& package, const GitOid& commit, const QString& title)
{
    std::vector<catalog::TreeEntry>
        entries; // the store reads the database too, which cannot be done inside the walk
    const auto walked =
        m_world.catalog.forEachFile(package.rowId, commit, RepoPath(), [&](const catalog::TreeEntry& entry) {
            entries.push_back(entry);
            return true;
        });
    if (!walked)
        problem(title + QStringLiteral(": ") + walked.error().describe());
    for (const catalog::TreeEntry& entry : entries)
        checkContent(entry.content, title + u' ' + entry.path.text());
    if (!title.startsWith(QLatin1String("cycle ")))
        return;
    const int cycle = title.mid(6).toInt();
    std::vector<std::pair<RepoPath, int>> files{{largeFile(cycle), LargePart}};
    for (int part = 0; part < SmallFilesPerCommit; ++part)
        files.emplace_back(smallFile(cycle, part), part);
    for (const auto& [path, part] : files) {
        const auto entry = m_world.catalog.entry(package.rowId, commit, path);
        if (!entry || entry->content != Sha256Hasher::hash(bytesOf(m_seed, cycle, part)))
            problem(title + QStringLiteral(": not as it was committed: ") + path.text());
    }
}

void Checker::checkStore()
{
    const auto damaged = m_world.store->verify({}, CancelToken());
    if (!damaged) {
        problem(damaged.error().describe());
        return;
    }
    for (const store::DamagedContent& content : *damaged)
        problem(QStringLiteral("content %1 is %2")
                    .arg(QString::fromLatin1(content.sha256.toHex()), content.problem));
    const store::LiveContents live = m_world.catalog.liveContents(m_world.clock);
    for (const bool second : {false, true}) {
        const auto swept = m_world.store->sweep(live, false, {}, CancelToken());
        if (!swept)
            problem(swept.error().describe());
        else if (second && (swept->staging != 0 || swept->contents != 0))
            problem(QStringLiteral("a sweep leaves something to sweep"));
    }
    const auto again = m_world.store->verify({}, CancelToken());
    if (!again || !again->empty())
        problem(QStringLiteral("the sweep damaged something"));
}

} // namespace hublet::crash
