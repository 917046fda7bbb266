// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/catalog/model/package.h"

#include <QByteArrayView>
#include <QStringList>

namespace hublet::catalog {

/// What is wrong with the front matter of a README.md, for validate-yaml (hub-api 6).
struct CardProblem {
    QString message;
    int line = 0; ///< of the file, from 1; 0 = the file as a whole
};

/// A model or dataset card: README.md with YAML front matter between two lines of "---". Parsing is bounded
/// in size, depth, number of values and their text (aliases count as often as they are used), so that no card
/// can exhaust memory.
struct Card {
    static constexpr qsizetype MaxFrontMatterBytes = 512 * 1024;
    static constexpr int MaxDepth = 32;
    static constexpr int MaxValues = 50'000;
    static constexpr qsizetype MaxTextBytes = 2 * MaxFrontMatterBytes;

    bool hasFrontMatter = false;
    CardFacts facts; ///< empty when there are errors
    std::vector<CardProblem> errors;
    std::vector<CardProblem> warnings;

    /// Where cards lie: README.md.
    [[nodiscard]] static RepoPath path();
    /// Takes up to a second for a megabyte of front matter: `maxFrontMatterBytes` is for callers who may not
    /// cost that much.
    [[nodiscard]] static Card parse(PackageType type, QByteArrayView readme,
                                    qsizetype maxFrontMatterBytes = MaxFrontMatterBytes);
};

} // namespace hublet::catalog
