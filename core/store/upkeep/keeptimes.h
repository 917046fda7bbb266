// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QtGlobal>

namespace hublet::store {

/// How long a sweep leaves things alone that nothing refers to. Milliseconds; all zero: free now.
struct KeepTimes {
    qint64 wholeMs = 0;    ///< contents stored whole
    qint64 segmentsMs = 0; ///< contents stored as segments, and xorbs, from when they were last touched
    qint64 hiddenMs = 0;   ///< xorbs that are shown to nobody any more, but may still be being downloaded
};

} // namespace hublet::store
