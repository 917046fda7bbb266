// SPDX-License-Identifier: Apache-2.0
#include "core/service/disk/uploadplan.h"

#include <algorithm>

namespace hublet::service {

using Change = PlannedFile::Change;

qint64 UploadPlan::count(Change change) const
{
    return std::count_if(files.begin(), files.end(),
                         [change](const PlannedFile& file) { return file.change == change; });
}

qint64 UploadPlan::bytesToUpload() const
{
    qint64 bytes = 0;
    for (const PlannedFile& file : files) {
        if (file.change == Change::New || file.change == Change::Changed)
            bytes += file.size;
    }
    return bytes;
}

} // namespace hublet::service
