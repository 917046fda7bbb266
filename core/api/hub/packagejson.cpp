// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/packagejson.h"

#include "core/api/gate/jsonpieces.h"
#include "core/base/clock.h"

#include <QJsonObject>

#include <algorithm>
#include <array>

namespace hublet::api {

namespace {

/// What an answer has that nobody asked to be short, besides _id and id. The Hub has more `expand` names;
/// this server has nothing to say for those.
constexpr std::array<QByteArrayView, 19> FixedSet{
    "modelId",  "author",    "sha",         "lastModified", "createdAt",    "private",      "gated",
    "disabled", "downloads", "likes",       "tags",         "pipeline_tag", "library_name", "siblings",
    "cardData", "spaces",    "usedStorage", "xetEnabled",   "description",
};

bool contains(const auto& names, QByteArrayView name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

QByteArrayList expandOf(const http::Query& query)
{
    QByteArrayList names;
    const QStringList values = query.values("expand");
    for (const QString& value : values)
        names.append(value.toUtf8());
    return names;
}

void writeSibling(JsonWriter& json, const catalog::TreeEntry& file, bool withBlobs)
{
    json.beginObject();
    json.key("rfilename").utf8(file.path.bytes());
    if (withBlobs) {
        json.key("size").value(file.size);
        json.key("blobId").utf8(file.oid.toHex());
        if (file.lfs) {
            json.key("lfs").beginObject();
            json.key("sha256").utf8(file.content.toHex());
            json.key("size").value(file.size);
            json.key("pointerSize").value(file.pointerSize);
            json.endObject();
        }
    }
    json.endObject();
}

/// Writes the fields that were asked for and that this package has.
class Writer {
public:
    Writer(JsonWriter& json, const catalog::Package& package, const PackageFields& fields)
        : m_json(json), m_package(package), m_fields(fields)
    {
    }

    void identity(const QByteArray& sha)
    {
        m_json.key("_id").utf8(m_package.hubId);
        m_json.key("id").value(m_package.id.id());
        if (isModel() && !m_fields.isExpanded())
            m_json.key("modelId").value(m_package.id.id());
        if (begin("author"))
            m_json.value(m_package.id.nameSpace().isEmpty() ? m_package.creator : m_package.id.nameSpace());
        if (!sha.isEmpty() && begin("sha"))
            m_json.utf8(sha);
    }
    void state()
    {
        if (begin("lastModified"))
            m_json.utf8(isoTime(m_package.modifiedMs));
        if (begin("createdAt"))
            m_json.utf8(isoTime(m_package.createdMs));
        if (begin("private"))
            m_json.value(m_package.isPrivate);
        if (begin("gated"))
            m_json.value(gatingValue(m_package.gating));
        if (begin("disabled"))
            m_json.value(m_package.disabled);
        if (begin("usedStorage"))
            m_json.value(m_package.totalSize);
        if (begin("xetEnabled"))
            m_json.value(m_fields.hasXet());
    }
    void popularity()
    {
        if (begin("downloads"))
            m_json.value(m_package.downloads);
        if (m_fields.isExpanded() && begin("downloadsAllTime"))
            m_json.value(m_package.downloads);
        if (begin("likes"))
            m_json.value(qint64(0));
        if (m_fields.isExpanded() && begin("trendingScore"))
            m_json.value(qint64(0));
    }
    void card()
    {
        const catalog::CardFacts& card = m_package.card;
        if (begin("tags")) {
            m_json.beginArray();
            for (const QString& tag : card.tags)
                m_json.value(tag);
            m_json.endArray();
        }
        if (!card.data.isEmpty() && begin("cardData"))
            m_json.value(QJsonValue(card.data));
        if (isModel()) {
            optionalText("pipeline_tag", card.pipelineTag);
            optionalText("library_name", card.libraryName);
            if (begin("spaces"))
                m_json.beginArray().endArray();
        } else {
            optionalText("description", card.data.value(u"description").toString());
        }
    }
    /// Leaves the array open.
    bool beginSiblings()
    {
        if (!begin("siblings"))
            return false;
        m_json.beginArray();
        return true;
    }
    void securityStatus()
    {
        if (!begin("securityRepoStatus"))
            return;
        m_json.beginObject();
        m_json.key("scansDone").value(false);
        m_json.key("filesWithIssues").beginArray().endArray();
        m_json.endObject();
    }

private:
    bool isModel() const { return m_package.id.type() == PackageType::Model; }
    bool begin(QByteArrayView field)
    {
        const bool wanted = m_fields.has(field);
        if (wanted)
            m_json.key(field);
        return wanted;
    }
    void optionalText(QByteArrayView field, const QString& text)
    {
        if (!text.isEmpty() && begin(field))
            m_json.value(text);
    }

    JsonWriter& m_json;
    const catalog::Package& m_package;
    const PackageFields& m_fields;
};

} // namespace

PackageFields PackageFields::forInfo(const http::Query& query)
{
    PackageFields fields;
    fields.m_expand = expandOf(query);
    fields.m_blobs = query.flag("blobs");
    fields.m_securityStatus = query.flag("securityStatus");
    return fields;
}

PackageFields PackageFields::forListing(const http::Query& query)
{
    PackageFields fields;
    fields.m_expand = expandOf(query);
    const bool full = query.flag("full");
    if (!full)
        fields.m_leftOut.append("siblings");
    if (!full && !query.flag("cardData"))
        fields.m_leftOut.append("cardData");
    return fields;
}

bool PackageFields::has(QByteArrayView field) const
{
    if (isExpanded())
        return contains(m_expand, field);
    if (field == QByteArrayView("securityRepoStatus"))
        return m_securityStatus;
    return contains(FixedSet, field) && !contains(m_leftOut, field);
}

QJsonValue gatingValue(catalog::Gating gating)
{
    switch (gating) {
    case catalog::Gating::Automatic:
        return QStringLiteral("auto");
    case catalog::Gating::Manual:
        return QStringLiteral("manual");
    case catalog::Gating::Open:
        break;
    }
    return false;
}

PackageJson::PackageJson(catalog::Package package, QByteArray sha, PackageFields fields, FilePages files)
    : m_package(std::move(package)), m_sha(std::move(sha)), m_fields(std::move(fields)),
      m_files(std::move(files))
{
}

Result<void> PackageJson::write(JsonWriter& json, qsizetype bytes)
{
    while (!isDone() && json.size() < bytes) {
        if (m_stage == Stage::Start)
            start(json);
        else if (m_stage == Stage::End)
            end(json);
        else if (const auto written = writeFiles(json); !written)
            return written;
    }
    return {};
}

Result<QByteArray> PackageJson::next()
{
    const auto written = write(m_json, kJsonPieceBytes);
    if (!written)
        return forward(written);
    return m_json.take();
}

void PackageJson::start(JsonWriter& json)
{
    Writer writer(json, m_package, m_fields);
    json.beginObject();
    writer.identity(m_sha);
    writer.state();
    writer.popularity();
    writer.card();
    m_stage = writer.beginSiblings() ? Stage::Files : Stage::End;
}

Result<void> PackageJson::writeFiles(JsonWriter& json)
{
    const auto files = m_files();
    if (!files)
        return forward(files);
    for (const catalog::TreeEntry& file : *files)
        writeSibling(json, file, m_fields.hasBlobs());
    if (files->empty()) {
        json.endArray();
        m_stage = Stage::End;
    }
    return {};
}

void PackageJson::end(JsonWriter& json)
{
    Writer(json, m_package, m_fields).securityStatus();
    json.endObject();
    m_stage = Stage::Done;
}

} // namespace hublet::api
