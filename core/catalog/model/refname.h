// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/revision.h"

#include <optional>

namespace hublet::catalog {

/// A full ref name taken apart: "refs/heads/main" is a branch (or release) "main".
struct RefName {
    enum class Space { Heads, Tags, PullRequests, Convert };
    Space space = Space::Heads;
    QString shortName; ///< what follows the space: "main", "1"

    /// Nothing for a name outside these four spaces, or one that git would refuse.
    [[nodiscard]] static std::optional<RefName> parse(const QString& fullName);

    [[nodiscard]] QString fullName() const;
    /// What clients call it: "main", "v1", "refs/pr/1", "refs/convert/parquet".
    [[nodiscard]] QString clientName() const;

    /// The full name of the ref that a pull request is merged into: a branch unless it says "refs/...".
    [[nodiscard]] static QString ofClientName(const QString& name)
    {
        return name.startsWith(QLatin1String("refs/")) ? name : branch(name);
    }
    [[nodiscard]] static QString branch(const QString& name)
    {
        return RefName{Space::Heads, name}.fullName();
    }
    [[nodiscard]] static QString tag(const QString& name) { return RefName{Space::Tags, name}.fullName(); }
    [[nodiscard]] static QString pullRequest(int number)
    {
        return RefName{Space::PullRequests, QString::number(number)}.fullName();
    }
    [[nodiscard]] static QString main() { return branch(QStringLiteral("main")); }
};

/// As stored: "branch", "tag", "release", "pull request", "convert".
[[nodiscard]] QString refKindName(RefKind kind);
[[nodiscard]] std::optional<RefKind> refKindFromName(QStringView name);

} // namespace hublet::catalog
