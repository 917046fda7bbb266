// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/checker.h"

#include "core/base/hasher.h"
#include "core/store/xetstore.h"
#include "tests/crash/xetupload.h"

#include <QDirIterator>

#include <algorithm>

namespace hublet::crash {

namespace {

constexpr int PageSize = 1000;

/// The content that a word of an acknowledgement names.
std::optional<Sha256> contentIn(const QByteArray& word)
{
    return word.contains('@') ? Sha256::fromHex(word.left(word.indexOf('@'))) : std::nullopt;
}

} // namespace

void Checker::run(const QList<QByteArray>& acknowledged)
{
    m_acknowledged = acknowledged.size();
    if (m_world.store->lostAtStart() != 0)
        problem(QStringLiteral("%1 contents were lost").arg(m_world.store->lostAtStart()));
    if (const auto whole = m_world.database->checkIntegrity(); !whole)
        problem(whole.error().describe());
    const Inventory inventory = checkAll(acknowledged);
    m_contents = inventory.contents();
    checkLastCycle(acknowledged, inventory);
    checkUndamaged();

    m_when = QStringLiteral("after a sweep: ");
    const auto swept = m_world.sweep();
    const auto again = m_world.sweep();
    if (!swept || !again)
        problem((swept ? again : swept).error().describe());
    else if (again->staging != 0 || again->contents != 0)
        problem(QStringLiteral("something is left to sweep"));
    checkFiles();
    checkLastCycle(acknowledged, Inventory::take(m_world));

    m_world.storeClock.advance(CycleMs);
    m_when = QStringLiteral("a month later: ");
    if (const auto later = m_world.sweepThoroughly(); !later)
        problem(later.error().describe());
    checkFiles();
    const Inventory rest = checkAll(acknowledged);
    if (rest.idleXorbs() != 0)
        problem(QStringLiteral("%1 xorbs are left that nothing needs").arg(rest.idleXorbs()));
    checkUndamaged();
}

QString Checker::summary() const
{
    return QStringLiteral("%1 acknowledged, %2 commits, %3 contents")
        .arg(m_acknowledged)
        .arg(m_commits)
        .arg(m_contents);
}

Inventory Checker::checkAll(const QList<QByteArray>& acknowledged)
{
    Inventory inventory = Inventory::take(m_world);
    for (const QString& text : inventory.problems())
        problem(text);
    for (const QByteArray& line : acknowledged)
        checkAcknowledged(line, inventory);
    catalog::PackageQuery everything;
    everything.limit = PageSize;
    const auto packages = m_world.catalog.packages(std::nullopt, everything);
    if (!packages) {
        problem(packages.error().describe());
        return inventory;
    }
    m_commits = 0;
    for (const catalog::Package& package : packages->items)
        checkHistory(package, inventory);
    return inventory;
}

void Checker::checkAcknowledged(const QByteArray& line, const Inventory& inventory)
{
    const QList<QByteArray> words = line.split(' ');
    const QByteArray step = words.value(1);
    const QString what = QString::fromLatin1(words.mid(0, 3).join(' ')) + QStringLiteral(": ");
    if (step == "xorbs")
        return; // not for good: checkLastCycle()
    for (const QByteArray& word : words) {
        if (const auto sha256 = contentIn(word); sha256 && !inventory.has(*sha256))
            problem(what + QString::fromLatin1(sha256->toHex()) + QStringLiteral(" is gone"));
    }
    if (step == "shard") {
        const auto file = XetHash::fromText(words.value(4));
        if (!file || inventory.contentOf(*file) != contentIn(words.value(3)))
            problem(what + QStringLiteral("the file is gone"));
    } else if (step == "commit") {
        const auto package = m_world.package(QStringLiteral("model"));
        const auto commit = GitOid::fromHex(words.value(3));
        if (!package || !commit || !m_world.catalog.commit(package->rowId, *commit))
            problem(what + QStringLiteral("the commit is gone"));
    } else if (step == "remove") {
        const auto home = m_world.repository();
        if (!home || m_world.catalog.package(home->id, packageId(QString::fromLatin1(words.value(2)))))
            problem(what + QStringLiteral("the package is back"));
    }
}

void Checker::checkLastCycle(const QList<QByteArray>& acknowledged, const Inventory& inventory)
{
    const auto begin = std::find_if(acknowledged.rbegin(), acknowledged.rend(),
                                    [](const QByteArray& line) { return line.startsWith("ack begin "); });
    if (begin == acknowledged.rend())
        return;
    const XetUpload upload(m_seed, begin->split(' ').value(2).toInt());
    const auto isAcknowledged = [&](const QByteArray& step) {
        return std::any_of(acknowledged.rbegin(), begin,
                           [&](const QByteArray& line) { return line.startsWith("ack " + step + ' '); });
    };
    if (isAcknowledged("xorbs")) {
        for (const test::ClientXorb* const xorb : {&upload.xorb, &upload.unused}) {
            const auto size = m_world.store->xet().xorbSize(xorb->hash());
            if (!size || !*size)
                problem(QStringLiteral("an acknowledged xorb is gone"));
        }
    }
    const bool isKept = inventory.contentOf(upload.kept.hash) == upload.kept.sha256();
    const bool isDying = inventory.contentOf(upload.dying.hash) == upload.dying.sha256();
    if (isKept != isDying)
        problem(QStringLiteral("a shard was registered by half"));
    if (isAcknowledged("shard") && !isDying)
        problem(QStringLiteral("a file of an acknowledged shard is gone"));
}

void Checker::checkHistory(const catalog::Package& package, const Inventory& inventory)
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
        checkTree(package, commit, inventory);
    }
}

/// A commit is there with all its files, or it is not there.
void Checker::checkTree(const catalog::Package& package, const catalog::Commit& commit,
                        const Inventory& inventory)
{
    const QString what = commit.title + QStringLiteral(": ");
    const auto walked = m_world.catalog.forEachFile(
        package.rowId, commit.oid, RepoPath(), [&](const catalog::TreeEntry& entry) {
            if (!inventory.has(entry.content))
                problem(what + entry.path.text() + QStringLiteral(" has no content"));
            return true;
        });
    if (!walked)
        problem(what + walked.error().describe());
    if (!commit.title.startsWith(QLatin1String("cycle ")))
        return;
    const int cycle = commit.title.mid(6).toInt();
    std::vector<std::pair<RepoPath, int>> files{{largeFile(cycle), LargePart}};
    for (int part = 0; part < SmallFilesPerCommit; ++part)
        files.emplace_back(smallFile(cycle, part), part);
    for (const auto& [path, part] : files) {
        const auto entry = m_world.catalog.entry(package.rowId, commit.oid, path);
        if (!entry || entry->content != Sha256Hasher::hash(bytesOf(m_seed, cycle, part)))
            problem(what + path.text() + QStringLiteral(" is not as it was committed"));
    }
}

void Checker::checkUndamaged()
{
    const auto damaged = m_world.store->verify({}, CancelToken());
    if (!damaged) {
        problem(damaged.error().describe());
        return;
    }
    for (const store::DamagedContent& content : *damaged)
        problem(QStringLiteral("content %1 is %2")
                    .arg(QString::fromLatin1(content.sha256.toHex()), content.problem));
}

void Checker::checkFiles()
{
    QSet<QString> rows;
    const auto read = m_world.store->forEachStoredFile(
        *m_world.database, [&](const store::StoredFile& file, const UniqueFd&) -> Result<void> {
            rows.insert(QString::fromLatin1(file.path()));
            return {};
        });
    if (!read) {
        problem(QStringLiteral("a row has no file: ") + read.error().describe());
        return;
    }
    const QDir folder(QFileInfo(m_world.folder + QStringLiteral("/store")).absoluteFilePath());
    QDirIterator files(folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString name = folder.relativeFilePath(files.next());
        if (!rows.contains(name))
            problem(name + QStringLiteral(" is left over"));
    }
}

} // namespace hublet::crash
