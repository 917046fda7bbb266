// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>
#include <QJsonValue>
#include <QString>

namespace hublet::catalog {

/// A YAML document as JSON: YAML 1.2 core schema, names are strings, a name twice in one mapping is an error.
/// What JSON cannot hold (.inf, .nan) stays text.
struct YamlJson {
    QJsonValue value; ///< null for an empty document
    QString problem;  ///< empty when all is well
    int line = 0;     ///< of the problem, from 0

    /// `maxDepth`: of lists and mappings in one another. `maxValues`: in all; an alias counts as much as what
    /// it repeats.
    [[nodiscard]] static YamlJson parse(QByteArrayView yaml, int maxDepth, int maxValues);
};

} // namespace hublet::catalog
