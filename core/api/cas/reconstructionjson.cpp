// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/reconstructionjson.h"

namespace hublet::api::cas {

namespace {

void writeSpan(JsonWriter& json, QByteArrayView key, qint64 start, qint64 end)
{
    json.key(key).beginObject().key("start").value(start).key("end").value(end).endObject();
}

} // namespace

ReconstructionJson::ReconstructionJson(Form form, service::Xet::Plan plan, FetchUrl url)
    : m_form(form), m_plan(std::move(plan)), m_url(std::move(url))
{
}

QByteArray ReconstructionJson::next()
{
    while (!isDone() && m_json.size() < PieceBytes)
        step();
    return m_json.take();
}

void ReconstructionJson::step()
{
    switch (m_stage) {
    case Stage::Start:
        return start();
    case Stage::Terms:
        return stepTerms();
    case Stage::Ranges:
        return stepRanges();
    case Stage::Done:
        return;
    }
}

void ReconstructionJson::start()
{
    m_json.beginObject();
    if (m_form == Form::Batch)
        m_json.key("files").beginObject();
    else
        m_json.key("offset_into_first_range").value(m_plan.chunks.offsetIntoFirstRange);
    m_stage = Stage::Terms;
}

void ReconstructionJson::stepTerms()
{
    if (m_inList && m_left > 0) {
        writeTerm(m_plan.chunks.terms[m_term++]);
        --m_left;
    } else if (m_inList) {
        m_json.endArray();
        m_inList = false;
    } else if (m_file < m_plan.files.size()) {
        const service::Xet::Plan::File& file = m_plan.files[m_file++];
        m_json.key(m_form == Form::Batch ? file.hash.toText() : QByteArray("terms")).beginArray();
        m_left = file.terms;
        m_inList = true;
    } else {
        if (m_form == Form::Batch)
            m_json.endObject();
        m_json.key(m_form == Form::V2 ? "xorbs" : "fetch_info").beginObject();
        m_stage = Stage::Ranges;
    }
}

void ReconstructionJson::stepRanges()
{
    if (m_xorb == m_plan.chunks.xorbs.size()) {
        m_json.endObject().endObject();
        m_stage = Stage::Done;
        return;
    }
    const xet::Reconstruction::Xorb& xorb = m_plan.chunks.xorbs[m_xorb];
    if (!m_inList) {
        m_json.key(xorb.hash.toText()).beginArray();
        m_inList = true;
    } else if (m_range < xorb.ranges.size()) {
        writeRange(xorb.hash, xorb.ranges[m_range++]);
    } else {
        m_json.endArray();
        m_inList = false;
        m_range = 0;
        ++m_xorb;
    }
}

void ReconstructionJson::writeTerm(const xet::Term& term)
{
    m_json.beginObject();
    m_json.key("hash").utf8(term.xorb.toText());
    m_json.key("unpacked_length").value(qint64(term.bytes));
    writeSpan(m_json, "range", term.chunkStart, term.chunkEnd);
    m_json.endObject();
}

void ReconstructionJson::writeRange(const XetHash& xorb, const xet::Reconstruction::Range& range)
{
    m_json.beginObject();
    if (m_form == Form::V2) {
        m_json.key("url").utf8(m_url(xorb, range.bytes));
        m_json.key("ranges").beginArray().beginObject();
        writeSpan(m_json, "chunks", range.chunkStart, range.chunkEnd);
        writeSpan(m_json, "bytes", range.bytes.first, range.bytes.last);
        m_json.endObject().endArray();
    } else {
        writeSpan(m_json, "range", range.chunkStart, range.chunkEnd);
        m_json.key("url").utf8(m_url(xorb, range.bytes));
        writeSpan(m_json, "url_range", range.bytes.first, range.bytes.last);
    }
    m_json.endObject();
}

} // namespace hublet::api::cas
