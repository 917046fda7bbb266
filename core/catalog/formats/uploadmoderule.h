// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/formats/gitattributes.h"

namespace hublet::catalog {

/// Which files belong into LFS (hub-api 5). A value, pure.
class UploadModeRule {
public:
    /// Bytes; larger files are LFS whatever .gitattributes says.
    static constexpr qint64 RegularLimit = 10'000'000;

    explicit UploadModeRule(GitAttributes attributes) : m_attributes(std::move(attributes)) {}

    /// `sample`: the first bytes of the file (clients send 512); empty when unknown, then it counts as text.
    [[nodiscard]] bool isLfs(const RepoPath& path, qint64 size, QByteArrayView sample,
                             MatchBudget& budget) const;
    [[nodiscard]] const GitAttributes& attributes() const { return m_attributes; }

private:
    GitAttributes m_attributes;
};

} // namespace hublet::catalog
