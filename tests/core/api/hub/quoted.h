// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>

namespace hublet::api::test {

/// JSON written with ' instead of ", which keeps tables readable and moc, which misreads raw strings,
/// content.
inline QByteArray quoted(const char* json)
{
    return QByteArray(json).replace('\'', '"');
}

} // namespace hublet::api::test
