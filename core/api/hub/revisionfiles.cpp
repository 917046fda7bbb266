// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/revisionfiles.h"

#include <utility>

namespace hublet::api {

namespace {

constexpr int kEntries = 1000; ///< read at once: about 100 KiB of JSON

} // namespace

FilePages revisionFiles(const service::Browse& browse, access::Permit permit, PackageId id,
                        catalog::Revision revision)
{
    return [&browse, permit = std::move(permit), id = std::move(id), revision = std::move(revision),
            cursor = QByteArray(), isLast = false]() mutable -> Result<std::vector<catalog::TreeEntry>> {
        std::vector<catalog::TreeEntry> files;
        while (files.empty() && !isLast) { // a page may have nothing but folders
            service::Browse::TreeRequest request;
            request.recursive = true;
            request.limit = kEntries;
            request.cursor = cursor;
            auto page = browse.tree(permit, id, revision, request);
            if (!page)
                return forward(page);
            for (service::Browse::TreeItem& item : page->items) {
                if (item.entry.kind == catalog::TreeEntry::Kind::File)
                    files.push_back(std::move(item.entry));
            }
            cursor = std::move(page->nextCursor);
            isLast = cursor.isEmpty();
        }
        return files;
    };
}

} // namespace hublet::api
