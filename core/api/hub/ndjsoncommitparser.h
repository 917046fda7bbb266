// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/hub/commitfilecontent.h"
#include "core/api/hub/commitline.h"
#include "core/api/hub/jsontokenstream.h"
#include "core/base/result.h"

#include <QByteArrayView>

#include <optional>

namespace hublet::service {
class CommitSession;
}

namespace hublet::api {

/// Reads the body of a commit request (hub-api 6), one JSON object a line, and performs it line by line on a
/// commit session. Bytes come in pieces of any length; lines may be of any length too, since the content of a
/// file goes to the session as it comes: memory is bounded by CommitFileContent::MaxHeldBytes and
/// CommitLine::MaxTextBytes. The keys of an object may come in any order; unknown ones are skipped, unknown
/// operations refused. Not thread-safe.
///
/// After an error the parser is of no use, and the session must be thrown away unfinished.
class NdjsonCommitParser : private JsonTokenStream::Handler {
public:
    static constexpr qint64 MaxLines = 1'000'000; ///< operations of one commit, header included

    /// `session` must outlive this object.
    explicit NdjsonCommitParser(service::CommitSession& session);

    /// The next bytes. Errors: Malformed naming the line, TooLarge, InvalidPath, InvalidHash, Unsupported, or
    /// the session's.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// The body is complete; its last line may lack the line feed. Errors as append(). The session is not
    /// finished.
    [[nodiscard]] Result<void> finish();

private:
    [[nodiscard]] Result<void> beginObject() override;
    [[nodiscard]] Result<void> endObject() override;
    [[nodiscard]] Result<void> beginArray() override;
    [[nodiscard]] Result<void> endArray() override;
    [[nodiscard]] Result<void> key(QByteArrayView name) override;
    [[nodiscard]] Result<void> stringPiece(QByteArrayView bytes) override;
    [[nodiscard]] Result<void> endString() override;
    [[nodiscard]] Result<void> scalar(QByteArrayView text) override;

    [[nodiscard]] Result<void> beginNested(bool object);
    [[nodiscard]] Result<void> beginContent();
    [[nodiscard]] Result<void> endLine();
    [[nodiscard]] Result<void> applyLine();
    [[nodiscard]] Result<std::optional<CommitFileContent::Encoding>> encoding() const;
    [[nodiscard]] Result<void> withLine(Result<void> result) const;

    /// What the value that comes next belongs to.
    enum class Target { Skipped, Value, Field, Content };

    service::CommitSession& m_session;
    JsonTokenStream m_tokens;
    CommitFileContent m_content;
    CommitLine m_line;
    Target m_target = Target::Skipped;
    CommitLine::Field m_field = CommitLine::Field::Key; ///< when m_target is Field
    int m_depth = 0;                                    ///< objects and arrays open
    bool m_inValue = false;                             ///< inside the "value" object
    bool m_hasValue = false;                            ///< this line had one
    bool m_hasContent = false;
    bool m_hasHeader = false;
    qint64 m_lineNumber = 1;
};

} // namespace hublet::api
