// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/reconstructionjson.h"

#include "core/base/jsonwriter.h"

#include <span>

namespace hublet::api::cas {

namespace {

void writeSpan(JsonWriter& json, QByteArrayView key, qint64 start, qint64 end)
{
    json.key(key).beginObject().key("start").value(start).key("end").value(end).endObject();
}

void writeTerms(JsonWriter& json, std::span<const xet::Term> terms)
{
    json.beginArray();
    for (const xet::Term& term : terms) {
        json.beginObject();
        json.key("hash").utf8(term.xorb.toText());
        json.key("unpacked_length").value(qint64(term.bytes));
        writeSpan(json, "range", term.chunkStart, term.chunkEnd);
        json.endObject();
    }
    json.endArray();
}

void beginPlan(JsonWriter& json, const xet::Reconstruction& plan)
{
    json.beginObject();
    json.key("offset_into_first_range").value(plan.offsetIntoFirstRange);
    json.key("terms");
    writeTerms(json, plan.terms);
}

void writeFetchInfo(JsonWriter& json, const xet::Reconstruction& plan, const FetchUrl& url)
{
    json.key("fetch_info").beginObject();
    for (const xet::Reconstruction::Xorb& xorb : plan.xorbs) {
        json.key(xorb.hash.toText()).beginArray();
        for (const xet::Reconstruction::Range& range : xorb.ranges) {
            json.beginObject();
            writeSpan(json, "range", range.chunkStart, range.chunkEnd);
            json.key("url").utf8(url(xorb.hash, range.bytes));
            writeSpan(json, "url_range", range.bytes.first, range.bytes.last);
            json.endObject();
        }
        json.endArray();
    }
    json.endObject();
}

} // namespace

QByteArray encodeReconstructionV1(const xet::Reconstruction& plan, const FetchUrl& url)
{
    JsonWriter json;
    beginPlan(json, plan);
    writeFetchInfo(json, plan, url);
    json.endObject();
    return json.take();
}

QByteArray encodeReconstructionV2(const xet::Reconstruction& plan, const FetchUrl& url)
{
    JsonWriter json;
    beginPlan(json, plan);
    json.key("xorbs").beginObject();
    for (const xet::Reconstruction::Xorb& xorb : plan.xorbs) {
        json.key(xorb.hash.toText()).beginArray();
        for (const xet::Reconstruction::Range& range : xorb.ranges) {
            json.beginObject().key("url").utf8(url(xorb.hash, range.bytes));
            json.key("ranges").beginArray().beginObject();
            writeSpan(json, "chunks", range.chunkStart, range.chunkEnd);
            writeSpan(json, "bytes", range.bytes.first, range.bytes.last);
            json.endObject().endArray().endObject();
        }
        json.endArray();
    }
    json.endObject().endObject();
    return json.take();
}

QByteArray encodeBatch(const service::Xet::Batch& batch, const FetchUrl& url)
{
    JsonWriter json;
    json.beginObject().key("files").beginObject();
    std::span<const xet::Term> terms(batch.plan.terms);
    for (const service::Xet::Batch::File& file : batch.files) {
        json.key(file.hash.toText());
        writeTerms(json, terms.first(file.terms));
        terms = terms.subspan(file.terms);
    }
    json.endObject();
    writeFetchInfo(json, batch.plan, url);
    json.endObject();
    return json.take();
}

} // namespace hublet::api::cas
