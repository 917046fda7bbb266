// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/model/refname.h"

#include "core/base/names.h"

namespace hublet::catalog {

namespace {

constexpr RefName::Space AllSpaces[] = {RefName::Space::Heads, RefName::Space::Tags,
                                        RefName::Space::PullRequests, RefName::Space::Convert};

QString prefixOf(RefName::Space space)
{
    switch (space) {
    case RefName::Space::Heads:
        return QStringLiteral("refs/heads/");
    case RefName::Space::Tags:
        return QStringLiteral("refs/tags/");
    case RefName::Space::PullRequests:
        return QStringLiteral("refs/pr/");
    case RefName::Space::Convert:
        return QStringLiteral("refs/convert/");
    }
    return {};
}

} // namespace

std::optional<RefName> RefName::parse(const QString& fullName)
{
    for (const Space space : AllSpaces) {
        const QString prefix = prefixOf(space);
        if (!fullName.startsWith(prefix))
            continue;
        RefName name{space, fullName.mid(prefix.size())};
        bool isNumber = true;
        if (space == Space::PullRequests)
            isNumber = name.shortName.toInt(&isNumber) > 0 && isNumber;
        return isNumber && isValidRefName(name.shortName) ? std::optional(name) : std::nullopt;
    }
    return std::nullopt;
}

QString RefName::fullName() const
{
    return prefixOf(space) + shortName;
}

QString RefName::clientName() const
{
    return space == Space::Heads || space == Space::Tags ? shortName : fullName();
}

QString refKindName(RefKind kind)
{
    switch (kind) {
    case RefKind::Branch:
        return QStringLiteral("branch");
    case RefKind::Tag:
        return QStringLiteral("tag");
    case RefKind::Release:
        return QStringLiteral("release");
    case RefKind::PullRequest:
        return QStringLiteral("pull request");
    case RefKind::Convert:
        return QStringLiteral("convert");
    }
    return {};
}

std::optional<RefKind> refKindFromName(QStringView name)
{
    for (const RefKind kind :
         {RefKind::Branch, RefKind::Tag, RefKind::Release, RefKind::PullRequest, RefKind::Convert}) {
        if (name == refKindName(kind))
            return kind;
    }
    return std::nullopt;
}

} // namespace hublet::catalog
