// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/formats/uploadmoderule.h"

namespace hublet::catalog {

namespace {

/// A sample may end inside a character: up to three bytes at its end do not count against it.
bool looksLikeText(QByteArrayView sample)
{
    if (sample.contains('\0'))
        return false;
    for (int cut = 0; cut <= 3 && cut <= sample.size(); ++cut) {
        if (sample.chopped(cut).isValidUtf8())
            return true;
    }
    return false;
}

} // namespace

bool UploadModeRule::isLfs(const RepoPath& path, qint64 size, QByteArrayView sample,
                           MatchBudget& budget) const
{
    // git reads .gitattributes itself, and git-lfs leaves empty files alone.
    if (size == 0 || path.name() == ".gitattributes")
        return false;
    const GitAttributes::Lfs attribute = m_attributes.lfs(path, budget);
    if (attribute == GitAttributes::Lfs::Yes || size > RegularLimit)
        return true;
    return attribute == GitAttributes::Lfs::Unspecified && !looksLikeText(sample);
}

} // namespace hublet::catalog
