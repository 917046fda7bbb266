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

    /// An alias counts as much as what it repeats.
    struct Bounds {
        int depth = 0;      ///< of lists and mappings in one another
        int values = 0;     ///< in all
        qsizetype text = 0; ///< of all values and names, bytes of UTF-8
    };
    [[nodiscard]] static YamlJson parse(QByteArrayView yaml, const Bounds& bounds);
};

} // namespace hublet::catalog
