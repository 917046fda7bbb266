// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/pullrequestdiff.h"

#include "core/catalog/model/refname.h"
#include "core/catalog/reading/catalog.h"
#include "core/service/context/servicecontext.h"
#include "core/service/packages/linediff.h"
#include "core/store/contentstore.h"

namespace hublet::service {

namespace {

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

} // namespace

Result<QString> PullRequestDiff::of(const catalog::Discussion& pullRequest) const
{
    const catalog::Catalog& catalog = m_context.catalog;
    const auto resolve = [&](const QString& fullName) { return catalog.resolve(m_package, fullName); };
    if (pullRequest.mergeCommit) {
        const auto merged = catalog.commit(m_package, *pullRequest.mergeCommit);
        if (!merged)
            return forward(merged);
        if (merged->parents.size() == 2)
            return sinceFork(merged->parents[0], merged->parents[1]);
    }
    const auto head = resolve(catalog::RefName::pullRequest(pullRequest.number));
    if (!head)
        return forward(head);
    const auto base = resolve(catalog::RefName::ofClientName(pullRequest.baseBranch));
    if (!base)
        return forward(base);
    return sinceFork(base->commit.oid, head->commit.oid);
}

Result<QString> PullRequestDiff::sinceFork(const GitOid& base, const GitOid& head) const
{
    const auto fork = m_context.catalog.mergeBase(m_package, base, head);
    if (!fork)
        return forward(fork);
    return between(fork->value_or(base), head);
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
