// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/revisionresolver.h"

#include "core/catalog/model/refname.h"
#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/refqueries.h"

namespace hublet::catalog {

namespace {

constexpr int OidDigits = 2 * int(GitOid::Size);

bool isHex(const QString& text)
{
    return std::all_of(text.begin(), text.end(), [](QChar c) {
        const QChar lower = c.toLower();
        return (c >= u'0' && c <= u'9') || (lower >= u'a' && lower <= u'f');
    });
}

tl::unexpected<Error> unknown(const QString& revision)
{
    return fail(ErrorCode::RevisionNotFound, QStringLiteral("Invalid rev id: %1").arg(revision.left(300)));
}

} // namespace

bool RevisionResolver::isCommitId(const QString& text)
{
    return text.size() == OidDigits && isHex(text);
}

Result<Revision> RevisionResolver::resolve(const QString& revision)
{
    auto found = find(revision);
    if (!found)
        return forward(found);
    if (!*found)
        return unknown(revision);
    return std::move(**found);
}

Result<RevisionAndPath> RevisionResolver::resolvePath(const QList<QByteArray>& segments)
{
    QByteArray joined;
    for (qsizetype count = 1; count <= segments.size(); ++count) {
        joined += (count > 1 ? "/" : "") + segments[count - 1];
        const QString name = QString::fromUtf8(joined);
        // Nothing longer can be a ref name (core/base/names.h).
        if (count > 1 && !isValidRefName(name))
            break;
        auto found = count == 1 ? find(name) : findNamed(name);
        if (!found)
            return forward(found);
        if (*found)
            return RevisionAndPath{std::move(**found), segments.mid(count).join('/')};
    }
    // "refs/pr/7" comes as three segments from some clients.
    const bool isFullName = segments.value(0) == "refs";
    return unknown(QString::fromUtf8(
        isFullName ? segments.first(std::min<qsizetype>(3, segments.size())).join('/') : segments.value(0)));
}

Result<std::optional<Revision>> RevisionResolver::find(const QString& revision)
{
    // What a commit id stands for never changes, whatever refs are called.
    if (isCommitId(revision)) {
        auto commit = findCommit(revision);
        if (!commit || *commit)
            return commit;
    }
    auto named = findNamed(revision);
    if (!named || *named)
        return named;
    return findCommit(revision);
}

Result<std::optional<Revision>> RevisionResolver::findNamed(const QString& revision)
{
    if (revision == u"HEAD")
        return findRef(revision, RefName::main());
    if (revision.startsWith(QLatin1String("refs/")))
        return findRef(revision, revision);
    auto branch = findRef(revision, RefName::branch(revision));
    if (!branch || *branch)
        return branch;
    return findRef(revision, RefName::tag(revision));
}

Result<std::optional<Revision>> RevisionResolver::findRef(const QString& asked, const QString& fullName)
{
    const auto ref = queries::findRef(m_transaction, m_package, fullName);
    if (!ref)
        return forward(ref);
    if (!*ref)
        return std::nullopt;
    const auto row = queries::commit(m_transaction, (*ref)->commit);
    if (!row)
        return forward(row);
    Revision revision;
    revision.asked = asked;
    revision.commit = row->commit;
    revision.ref = (*ref)->ref;
    const QString& name = revision.ref->name;
    const bool namedLikeACommit = revision.ref->kind == RefKind::Release && isCommitId(name);
    revision.sha = namedLikeACommit ? name.toLatin1() : row->commit.oid.toHex();
    return revision;
}

Result<std::optional<Revision>> RevisionResolver::findCommit(const QString& asked)
{
    if (asked.size() < MinPrefixDigits || asked.size() > OidDigits || !isHex(asked))
        return std::nullopt;
    auto row = queries::commitByPrefix(m_transaction, m_package, asked.toLatin1());
    if (!row)
        return forward(row);
    if (!*row)
        return std::nullopt;
    Revision revision;
    revision.asked = asked;
    revision.sha = (*row)->commit.oid.toHex();
    revision.commit = std::move((*row)->commit);
    return revision;
}

} // namespace hublet::catalog
