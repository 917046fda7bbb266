// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/formats/pathpattern.h"

#include <QHash>

#include <vector>

namespace hublet::catalog {

/// The rules of a .gitattributes or .gitignore file: a pattern and a verdict each. The last one that matches
/// decides. A value.
template <typename Verdict>
class PathRules {
public:
    /// Patterns with wildcards may have so many bytes together, some thousands of ordinary ones; those behind
    /// do not count. Single files may be named without a bound: they cost a look-up.
    static constexpr qsizetype MaxWildBytes = 64 * 1024;

    /// `text`: as PathPattern takes it.
    void add(QByteArrayView text, Verdict verdict)
    {
        const PathPattern pattern(text);
        const Rule rule{++m_count, verdict};
        if (!pattern.isLiteral()) {
            m_wildBytes += text.size();
            if (m_wildBytes <= MaxWildBytes)
                m_wildRules.push_back({pattern, rule});
        } else if (pattern.wantsWholePath()) {
            m_pathRules.insert(pattern.literal(), rule);
        } else {
            m_nameRules.insert(pattern.literal(), rule);
        }
    }

    [[nodiscard]] bool isEmpty() const { return m_count == 0; }

    /// `none` when no pattern matches, or when the budget is spent.
    [[nodiscard]] Verdict verdict(QByteArrayView path, MatchBudget& budget, Verdict none) const
    {
        const Rule byPath = m_pathRules.value(path.toByteArray());
        const QByteArrayView name = path.sliced(path.lastIndexOf('/') + 1);
        const Rule byName = m_nameRules.value(name.toByteArray());
        const Rule literal = byPath.line > byName.line ? byPath : byName;
        for (auto wild = m_wildRules.rbegin(); wild != m_wildRules.rend() && wild->rule.line > literal.line;
             ++wild) {
            if (wild->pattern.matches(path, name, budget))
                return wild->rule.verdict;
            if (budget.isSpent())
                return none;
        }
        return literal.line == 0 ? none : literal.verdict;
    }

private:
    struct Rule {
        qsizetype line = 0; ///< position among all rules, from 1; 0 = no rule
        Verdict verdict{};
    };
    struct WildRule {
        PathPattern pattern;
        Rule rule;
    };

    qsizetype m_count = 0;
    qsizetype m_wildBytes = 0;
    std::vector<WildRule> m_wildRules;
    QHash<QByteArray, Rule> m_pathRules; ///< by whole path
    QHash<QByteArray, Rule> m_nameRules; ///< by last segment
};

} // namespace hublet::catalog
