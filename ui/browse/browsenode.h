// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <memory>
#include <vector>

namespace hublet::ui {

/// A row of BrowseModel and the rows below it as far as they have been listed.
struct BrowseNode {
    quint64 id = 0; ///< never used again; how a late answer finds its row, or that it is gone
    BrowseNode* parent = nullptr;
    int row = 0;                    ///< position below `parent`
    std::optional<BrowseItem> item; ///< none: the invisible root
    std::vector<std::unique_ptr<BrowseNode>> children;

    bool listed = false;   ///< at least one page was asked for
    bool busy = false;     ///< a listing is under way
    bool again = false;    ///< something changed while it was: list once more
    QByteArray nextCursor; ///< of the page after the last child
    bool complete = false; ///< all children are here

    [[nodiscard]] bool mayHaveChildren() const
    {
        return (!item || item->hasChildren) && !(complete && children.empty());
    }
    void renumber(int from)
    {
        for (int i = from; i < int(children.size()); ++i)
            children[std::size_t(i)]->row = i;
    }
};

} // namespace hublet::ui
