// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/inplaceeditjson.h"

#include "core/base/jsonwriter.h"

#include <ranges>

namespace hublet::api::cas {

namespace {

void writeNodes(JsonWriter& json, const std::vector<xet::MerkleNode>& nodes)
{
    for (const xet::MerkleNode& node : nodes) {
        json.beginObject().key("hash").utf8(node.hash.toText());
        json.key("size").value(qint64(node.bytes)).endObject();
    }
}

void writePair(JsonWriter& json, qint64 first, qint64 second)
{
    json.beginArray().value(first).value(second).endArray();
}

/// All nodes in their order in the file: up the left sides, down the right ones.
void writeSubtree(JsonWriter& json, const xet::MerkleSubtree& subtree)
{
    json.beginObject().key("nodes").beginArray();
    for (const auto& level : subtree.levels)
        writeNodes(json, level.left);
    for (const auto& level : std::views::reverse(subtree.levels))
        writeNodes(json, level.right);
    json.endArray().key("levels").beginArray();
    for (const auto& level : subtree.levels)
        writePair(json, qint64(level.left.size()), qint64(level.right.size()));
    json.endArray();
    json.key("at_start").value(subtree.atStart).key("at_end").value(subtree.atEnd).endObject();
}

} // namespace

QByteArray encodeInPlaceEdit(const xet::InPlaceEdit& edit)
{
    JsonWriter json;
    json.beginObject();
    json.key("totalChunks").value(edit.chunks);
    json.key("fileSize").value(edit.fileBytes);
    json.key("windows").beginArray();
    for (const xet::InPlaceEdit::Window& window : edit.windows) {
        json.beginObject().key("dirtyByteRange");
        writePair(json, window.begin, window.end);
        json.endObject();
    }
    json.endArray().key("hashRanges").beginArray();
    for (const auto& gap : edit.gaps) {
        if (gap)
            writeSubtree(json, *gap);
        else
            json.null();
    }
    json.endArray().key("gapVerification").beginArray();
    for (const XetHash& term : edit.gapTerms)
        json.utf8(term.toText());
    json.endArray().endObject();
    return json.take();
}

} // namespace hublet::api::cas
