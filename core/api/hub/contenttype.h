// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace hublet::api {

/// How a file of a package is labelled when it is served. Files come from strangers: what a browser would run
/// or lay out is text or bytes for it, and to be saved rather than shown (reliability 3.2).
struct ContentLabel {
    QByteArray type;        ///< Content-Type
    QByteArray disposition; ///< Content-Disposition
};

/// `name`: last segment of the file's path, UTF-8.
[[nodiscard]] ContentLabel contentLabel(QByteArrayView name);

} // namespace hublet::api
