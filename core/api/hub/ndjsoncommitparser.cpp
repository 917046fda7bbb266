// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/ndjsoncommitparser.h"

#include "core/service/uploads/uploads.h"

#include <utility>

namespace hublet::api {
namespace {

tl::unexpected<Error> malformed(const char* problem)
{
    return fail(ErrorCode::Malformed, QString::fromLatin1(problem));
}

} // namespace

NdjsonCommitParser::NdjsonCommitParser(service::CommitSession& session)
    : m_session(session), m_tokens(*this), m_content(session)
{
}

Result<void> NdjsonCommitParser::append(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        // A raw line feed cannot be inside a JSON string, so this ends the line whatever state the tokens are
        // in.
        const qsizetype lineFeed = bytes.indexOf('\n');
        const QByteArrayView piece = lineFeed < 0 ? bytes : bytes.first(lineFeed);
        if (const auto read = withLine(m_tokens.append(piece)); !read)
            return read;
        if (lineFeed < 0)
            return {};
        if (const auto ended = withLine(endLine()); !ended)
            return ended;
        bytes = bytes.sliced(lineFeed + 1);
    }
    return {};
}

Result<void> NdjsonCommitParser::finish()
{
    if (const auto ended = withLine(endLine()); !ended)
        return ended;
    if (!m_hasHeader)
        return fail(ErrorCode::Malformed, QStringLiteral("The commit is empty: it has no header"));
    return {};
}

Result<void> NdjsonCommitParser::withLine(Result<void> result) const
{
    if (result)
        return result;
    const Error& error = result.error();
    if (error.code() == ErrorCode::InvalidPath) // clients look at how the text begins
        return fail(error.code(),
                    QStringLiteral("%1 (line %2 of the commit)").arg(error.detail()).arg(m_lineNumber));
    if (error.code() != ErrorCode::Malformed)
        return result;
    return fail(ErrorCode::Malformed,
                QStringLiteral("Line %1 of the commit: %2").arg(m_lineNumber).arg(result.error().detail()));
}

Result<void> NdjsonCommitParser::endLine()
{
    if (!m_tokens.isEmpty()) {
        if (const auto finished = m_tokens.finish(); !finished)
            return finished;
        if (const auto applied = applyLine(); !applied)
            return applied;
    }
    m_tokens.reset();
    m_line = CommitLine();
    m_depth = 0;
    m_target = Target::Skipped;
    m_inValue = m_hasValue = m_hasContent = false;
    if (++m_lineNumber > MaxLines)
        return fail(ErrorCode::TooLarge, QStringLiteral("The commit has more than %1 lines").arg(MaxLines));
    return {};
}

Result<void> NdjsonCommitParser::applyLine()
{
    if (!m_hasValue)
        return malformed("it has no \"value\" object");
    if (m_line.isHeader() == m_hasHeader)
        return malformed(m_hasHeader ? "there is a header already" : "the first line must be the header");
    m_hasHeader = true;
    if (m_hasContent) {
        const auto stated = encoding();
        if (!stated)
            return forward(stated);
        if (const auto ended = m_content.end(*stated); !ended)
            return ended;
    }
    return m_line.apply(m_session, m_hasContent);
}

Result<std::optional<CommitFileContent::Encoding>> NdjsonCommitParser::encoding() const
{
    if (!m_line.has(CommitLine::Field::Encoding))
        return std::nullopt;
    const QByteArray name = m_line.text(CommitLine::Field::Encoding);
    if (name == "base64")
        return CommitFileContent::Encoding::Base64;
    if (name == "utf-8" || name == "utf8")
        return CommitFileContent::Encoding::Utf8;
    return malformed("the encoding is neither base64 nor utf-8");
}

Result<void> NdjsonCommitParser::key(QByteArrayView name)
{
    m_target = Target::Skipped;
    if (m_depth == 1 && name == "value") {
        m_target = Target::Value;
    } else if (m_depth == 1 && name == "key") {
        m_target = Target::Field;
        m_field = CommitLine::Field::Key;
    } else if (m_depth == 2 && m_inValue && name == "content") {
        if (m_hasContent)
            return malformed("a field is given twice");
        m_target = Target::Content;
    } else if (m_depth == 2 && m_inValue) {
        if (const auto field = CommitLine::fieldFromName(name)) {
            m_target = Target::Field;
            m_field = *field;
        }
    }
    return m_target == Target::Field ? m_line.begin(m_field) : Result<void>();
}

Result<void> NdjsonCommitParser::beginNested(bool object)
{
    if (m_depth == 0 && !object)
        return malformed("it is not a JSON object");
    if (m_target == Target::Field || m_target == Target::Content || (m_target == Target::Value && !object))
        return malformed("a field has a value of the wrong kind");
    if (m_target == Target::Value) {
        if (m_hasValue)
            return malformed("a field is given twice");
        m_hasValue = m_inValue = true;
    }
    m_target = Target::Skipped;
    ++m_depth;
    return {};
}

Result<void> NdjsonCommitParser::beginObject()
{
    return beginNested(true);
}

Result<void> NdjsonCommitParser::beginArray()
{
    return beginNested(false);
}

Result<void> NdjsonCommitParser::endObject()
{
    if (--m_depth == 1)
        m_inValue = false;
    m_target = Target::Skipped;
    return {};
}

Result<void> NdjsonCommitParser::endArray()
{
    return endObject();
}

Result<void> NdjsonCommitParser::beginContent()
{
    if (m_hasContent)
        return {};
    if (!m_hasHeader)
        return malformed("the first line must be the header");
    const auto named = encoding();
    if (!named)
        return forward(named);
    m_hasContent = true;
    return m_content.begin(*named);
}

Result<void> NdjsonCommitParser::stringPiece(QByteArrayView bytes)
{
    switch (m_target) {
    case Target::Field:
        return m_line.append(m_field, bytes);
    case Target::Content:
        if (const auto begun = beginContent(); !begun)
            return begun;
        return m_content.append(bytes);
    case Target::Value:
    case Target::Skipped:
        break;
    }
    return {};
}

Result<void> NdjsonCommitParser::endString()
{
    if (m_depth == 0)
        return malformed("it is not a JSON object");
    if (m_target == Target::Value || (m_target == Target::Field && m_field == CommitLine::Field::Size))
        return malformed("a field has a value of the wrong kind");
    const Target target = std::exchange(m_target, Target::Skipped);
    return target == Target::Content ? beginContent()
                                     : Result<void>(); // an empty string had no piece to begin it
}

Result<void> NdjsonCommitParser::scalar(QByteArrayView text)
{
    if (m_depth == 0)
        return malformed("it is not a JSON object");
    const Target target = std::exchange(m_target, Target::Skipped);
    if (target == Target::Skipped)
        return {};
    if (text == "null" && target != Target::Value) {
        if (target == Target::Field)
            m_line.remove(m_field);
        return {};
    }
    if (target == Target::Field && m_field == CommitLine::Field::Size)
        return m_line.append(m_field, text);
    return malformed("a field has a value of the wrong kind");
}

} // namespace hublet::api
