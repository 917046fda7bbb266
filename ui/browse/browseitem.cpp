// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browseitem.h"

namespace hublet::ui {

QString BrowseItem::address() const
{
    switch (kind) {
    case BrowseKind::Repository:
        return repository->key.text();
    case BrowseKind::Type:
        return packageTypePlural(type);
    case BrowseKind::Namespace:
        return nameSpace;
    case BrowseKind::Package:
    case BrowseKind::Earlier:
        return package->id.id();
    case BrowseKind::Ref:
    case BrowseKind::Commit:
        return package->id.id() + u'@' + revision;
    case BrowseKind::Folder:
    case BrowseKind::File:
        return entry->path.text();
    }
    return {};
}

bool BrowseItem::isOnBranch() const
{
    return ref && (ref->kind == catalog::RefKind::Branch || ref->kind == catalog::RefKind::Release);
}

bool BrowseItem::isSameRow(const BrowseItem& other) const
{
    return kind == other.kind && repository->key == other.repository->key && type == other.type &&
           nameSpace == other.nameSpace && revision == other.revision && address() == other.address();
}

} // namespace hublet::ui
