// SPDX-License-Identifier: Apache-2.0
#include "core/access/permissionmatcher.h"

#include <algorithm>

namespace hublet::access {

namespace {

Result<std::vector<AntPattern>> parsePatterns(const QStringList& texts)
{
    std::vector<AntPattern> patterns;
    for (const QString& text : texts) {
        auto pattern = AntPattern::parse(text);
        if (!pattern)
            return forward(pattern);
        patterns.push_back(std::move(*pattern));
    }
    return patterns;
}

} // namespace

Result<PermissionMatcher> PermissionMatcher::make(const Permission& permission)
{
    if (permission.repositories.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("A permission needs at least one repository"));

    PermissionMatcher matcher;
    for (const QString& target : permission.repositories) {
        if (target == AnyRepository) {
            matcher.m_any = true;
        } else if (target == AnyLocalRepository) {
            matcher.m_anyLocal = true;
        } else if (target == AnyRemoteRepository) {
            matcher.m_anyRemote = true;
        } else {
            const auto key = RepositoryKey::parse(target);
            if (!key)
                return forward(key);
            matcher.m_repositories.insert(key->folded());
        }
    }
    auto includes = parsePatterns(permission.includes.isEmpty() ? QStringList{QStringLiteral("**")}
                                                                : permission.includes);
    if (!includes)
        return forward(includes);
    auto excludes = parsePatterns(permission.excludes);
    if (!excludes)
        return forward(excludes);
    matcher.m_includes = std::move(*includes);
    matcher.m_excludes = std::move(*excludes);
    return matcher;
}

bool PermissionMatcher::coversRepository(const RepositoryKey& repository,
                                         const RepositoryClassOf& classOf) const
{
    if (m_any || m_repositories.contains(repository.folded()))
        return true;
    if (!classOf || (!m_anyLocal && !m_anyRemote))
        return false;
    const QString repositoryClass = classOf(repository);
    return (m_anyLocal && repositoryClass == u"local") || (m_anyRemote && repositoryClass == u"remote");
}

bool PermissionMatcher::coversPath(QStringView foldedPath) const
{
    const auto covers = [&](const AntPattern& pattern) { return pattern.covers(foldedPath); };
    if (!std::any_of(m_includes.begin(), m_includes.end(), covers))
        return false;
    // An exclude somewhere below the root leaves something out of the whole.
    if (foldedPath.isEmpty())
        return m_excludes.empty();
    return std::none_of(m_excludes.begin(), m_excludes.end(), covers);
}

} // namespace hublet::access
