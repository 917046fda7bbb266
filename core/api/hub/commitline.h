// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <array>
#include <optional>

namespace hublet::service {
class CommitSession;
}

namespace hublet::api {

/// What one line of an NDJSON commit says, but for the content of a file, and what it means (hub-api 6).
class CommitLine {
public:
    static constexpr qsizetype MaxTextBytes = 256 * 1024; ///< all fields together

    enum class Field {
        Key, ///< beside "value"; all others are inside it
        Summary,
        Description,
        ParentCommit,
        Path,
        OldPath,
        Encoding,
        Algo,
        Oid,
        Size,
        SourcePath,
        SourceRevision,
    };
    /// The field of that name in the "value" object.
    [[nodiscard]] static std::optional<Field> fieldFromName(QByteArrayView name);

    /// Starts a field. Errors: Malformed when the line has it already.
    [[nodiscard]] Result<void> begin(Field field);
    /// Adds to a field begun. Errors: Malformed above MaxTextBytes.
    [[nodiscard]] Result<void> append(Field field, QByteArrayView text);
    /// Null when the line does not have it.
    [[nodiscard]] QByteArray text(Field field) const
    {
        return m_texts[std::size_t(field)].value_or(QByteArray());
    }
    [[nodiscard]] bool has(Field field) const { return m_texts[std::size_t(field)].has_value(); }
    void remove(Field field) { m_texts[std::size_t(field)].reset(); }

    [[nodiscard]] bool isHeader() const { return text(Field::Key) == "header"; }
    /// Performs the line on `session`. `hasContent`: a file begun in the session holds this line's content.
    /// Errors: Malformed, InvalidPath, InvalidHash, Unsupported, or the session's.
    [[nodiscard]] Result<void> apply(service::CommitSession& session, bool hasContent) const;

private:
    [[nodiscard]] Result<void> applyHeader(service::CommitSession& session) const;
    [[nodiscard]] Result<void> applyFile(service::CommitSession& session, bool hasContent) const;
    [[nodiscard]] Result<void> applyLfsFile(service::CommitSession& session) const;
    [[nodiscard]] Result<void> applyDeletion(service::CommitSession& session) const;
    [[nodiscard]] Result<void> applyCopy(service::CommitSession& session) const;

    std::array<std::optional<QByteArray>, std::size_t(Field::SourceRevision) + 1> m_texts;
    qsizetype m_textBytes = 0;
};

} // namespace hublet::api
