// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/pullrequestdiff.h"

#include "core/catalog/reading/catalog.h"
#include "core/service/context/servicecontext.h"
#include "core/service/packages/linediff.h"
#include "core/store/contentstore.h"

#include <QSet>

#include <functional>

namespace hublet::service {

namespace {

constexpr int HistoryPage = 500;
constexpr int MaxHistory = 10'000; // commits looked at on either side

using catalog::TreeEntry;

bool isTextCandidate(const std::optional<TreeEntry>& entry)
{
    return !entry || (!entry->lfs && entry->size <= PullRequestDiff::MaxTextBytes);
}

Result<QByteArray> bytesOf(const store::ContentStore& store, const std::optional<TreeEntry>& entry)
{
    return entry ? store.readAll(entry->content, PullRequestDiff::MaxTextBytes) : QByteArray();
}

QByteArray oidOf(const std::optional<TreeEntry>& entry)
{
    return (entry ? entry->oid : GitOid()).toHex();
}

QByteArray heading(const catalog::PathChange& change)
{
    const QByteArray& path = change.path.bytes();
    QByteArray text = "diff --git a/" + path + " b/" + path + '\n';
    if (!change.before)
        text += "new file mode 100644\n";
    else if (!change.after)
        text += "deleted file mode 100644\n";
    return text + "index " + oidOf(change.before) + ".." + oidOf(change.after) + '\n';
}

QByteArray binaryNote(const catalog::PathChange& change)
{
    const auto side = [&](const char* prefix, bool present) {
        return present ? prefix + change.path.bytes() : QByteArrayLiteral("/dev/null");
    };
    return "Binary files " + side("a/", change.before.has_value()) + " and " +
           side("b/", change.after.has_value()) + " differ\n";
}

QByteArray hunks(const catalog::PathChange& change, const QByteArray& before, const QByteArray& after)
{
    const QByteArray lines = unifiedHunks(before, after);
    if (lines.isEmpty())
        return {};
    return "--- " + (change.before ? "a/" + change.path.bytes() : QByteArrayLiteral("/dev/null")) + "\n+++ " +
           (change.after ? "b/" + change.path.bytes() : QByteArrayLiteral("/dev/null")) + '\n' + lines;
}

Result<QByteArray> describe(const store::ContentStore& store, const catalog::PathChange& change)
{
    if (!isTextCandidate(change.before) || !isTextCandidate(change.after))
        return heading(change) + binaryNote(change);
    const auto before = bytesOf(store, change.before);
    if (!before)
        return forward(before);
    const auto after = bytesOf(store, change.after);
    if (!after)
        return forward(after);
    const bool binary =
        before->contains('\0') || after->contains('\0') || !before->isValidUtf8() || !after->isValidUtf8();
    return heading(change) + (binary ? binaryNote(change) : hunks(change, *before, *after));
}

/// Calls back with the first-parent history, newest first, until `visit` returns false.
Result<void> forEachCommit(const catalog::Catalog& catalog, qint64 package, const GitOid& from,
                           const std::function<bool(const GitOid&)>& visit)
{
    QByteArray cursor;
    for (int seen = 0; seen < MaxHistory; seen += HistoryPage) {
        const auto page = catalog.commits(package, from, HistoryPage, cursor);
        if (!page)
            return forward(page);
        for (const catalog::Commit& commit : page->commits) {
            if (!visit(commit.oid))
                return {};
        }
        if (page->nextCursor.isEmpty())
            return {};
        cursor = page->nextCursor;
    }
    return {};
}

} // namespace

Result<GitOid> PullRequestDiff::mergeBase(const GitOid& base, const GitOid& head) const
{
    QSet<GitOid> ofBase;
    const auto collected = forEachCommit(m_context.catalog, m_package, base, [&](const GitOid& commit) {
        ofBase.insert(commit);
        return true;
    });
    if (!collected)
        return forward(collected);
    GitOid found = base;
    const auto searched = forEachCommit(m_context.catalog, m_package, head, [&](const GitOid& commit) {
        if (!ofBase.contains(commit))
            return true;
        found = commit;
        return false;
    });
    if (!searched)
        return forward(searched);
    return found;
}

Result<QString> PullRequestDiff::between(const GitOid& before, const GitOid& after) const
{
    const auto changes = m_context.catalog.changes(m_package, before, after, MaxFiles);
    if (!changes) {
        if (changes.error().code() == ErrorCode::TooLarge)
            return QStringLiteral("More than %1 files differ\n").arg(MaxFiles);
        return forward(changes);
    }
    QByteArray diff;
    for (const catalog::PathChange& change : *changes) {
        const auto text =
            diff.size() < MaxBytes ? describe(m_context.store, change) : Result<QByteArray>(heading(change));
        if (!text)
            return forward(text);
        diff += *text;
    }
    return QString::fromUtf8(diff);
}

} // namespace hublet::service
