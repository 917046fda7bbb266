// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/hubjson.h"

#include "core/base/clock.h"

#include <QJsonDocument>

#include <algorithm>
#include <initializer_list>

namespace hublet::api {

namespace {

void writeRefs(JsonWriter& json, QByteArrayView key, const std::vector<catalog::Ref>& refs,
               std::initializer_list<catalog::RefKind> kinds)
{
    json.key(key).beginArray();
    for (const catalog::Ref& ref : refs) {
        if (std::find(kinds.begin(), kinds.end(), ref.kind) == kinds.end())
            continue;
        json.beginObject();
        json.key("name").value(ref.name);
        json.key("ref").value(ref.fullName);
        json.key("targetCommit").utf8(ref.commit.toHex());
        json.endObject();
    }
    json.endArray();
}

QString asHtml(const QString& text)
{
    return text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>"));
}

} // namespace

http::Response jsonResponse(int status, const QJsonObject& object)
{
    return http::Response::json(status, QJsonDocument(object).toJson(QJsonDocument::Compact));
}

QByteArray encodeRefs(const std::vector<catalog::Ref>& refs, bool withPullRequests)
{
    using Kind = catalog::RefKind;
    JsonWriter json;
    json.beginObject();
    writeRefs(json, "branches", refs, {Kind::Branch, Kind::Release});
    writeRefs(json, "converts", refs, {Kind::Convert});
    writeRefs(json, "tags", refs, {Kind::Tag});
    if (withPullRequests)
        writeRefs(json, "pullRequests", refs, {Kind::PullRequest});
    json.endObject();
    return json.take();
}

void writeCommit(JsonWriter& json, const catalog::Commit& commit, bool formatted)
{
    json.beginObject();
    json.key("id").utf8(commit.oid.toHex());
    json.key("title").value(commit.title);
    json.key("message").value(commit.message);
    json.key("authors").beginArray().beginObject();
    json.key("user").value(commit.author);
    json.key("avatar").value(QStringView(u""));
    json.endObject().endArray();
    json.key("date").utf8(isoTime(commit.timeMs));
    json.key("parents").beginArray();
    for (const GitOid& parent : commit.parents)
        json.utf8(parent.toHex());
    json.endArray();
    if (formatted) {
        json.key("formatted").beginObject();
        json.key("title").value(asHtml(commit.title));
        json.key("message").value(asHtml(commit.message));
        json.endObject();
    }
    json.endObject();
}

void writeTreeItem(JsonWriter& json, const service::Browse::TreeItem& item)
{
    const catalog::TreeEntry& entry = item.entry;
    const bool isFile = entry.kind == catalog::TreeEntry::Kind::File;
    json.beginObject();
    json.key("type").utf8(isFile ? "file" : "directory");
    json.key("oid").utf8(entry.oid.toHex());
    json.key("size").value(isFile ? entry.size : qint64(0));
    if (entry.lfs) {
        json.key("lfs").beginObject();
        json.key("oid").utf8(entry.content.toHex());
        json.key("size").value(entry.size);
        json.key("pointerSize").value(entry.pointerSize);
        json.endObject();
    }
    if (item.xetHash)
        json.key("xetHash").utf8(item.xetHash->toText());
    json.key("path").utf8(entry.path.bytes());
    if (item.lastCommit) {
        json.key("lastCommit").beginObject();
        json.key("id").utf8(item.lastCommit->oid.toHex());
        json.key("title").value(item.lastCommit->title);
        json.key("date").utf8(isoTime(item.lastCommit->timeMs));
        json.endObject();
    }
    json.endObject();
}

} // namespace hublet::api
