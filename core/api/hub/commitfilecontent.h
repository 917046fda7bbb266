// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/hub/base64decoder.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace hublet::service {
class CommitSession;
}

namespace hublet::api {

/// The `content` of one `file` line on its way from JSON text into a commit session, in pieces of at most
/// MaxPieceBytes.
///
/// Clients name the encoding after the content, so up to MaxHeldBytes of text wait until it is known. Longer
/// text is taken for base64 when the held part looks like it, else for UTF-8, and must turn out to be that in
/// the end. Not thread-safe.
class CommitFileContent {
public:
    enum class Encoding { Base64, Utf8 };
    static constexpr qsizetype MaxPieceBytes = 256 * 1024;
    static constexpr qsizetype MaxHeldBytes = 1024 * 1024;

    /// `session` must outlive this object.
    explicit CommitFileContent(service::CommitSession& session) : m_session(session) {}

    /// Starts a file in the session. `encoding` when the line named it already.
    [[nodiscard]] Result<void> begin(std::optional<Encoding> encoding);
    /// More text, JSON escapes resolved. Errors: Malformed, or the session's.
    [[nodiscard]] Result<void> append(QByteArrayView text);
    /// The line is over and named this encoding, UTF-8 when it named none. The file in the session is still
    /// to be ended.
    [[nodiscard]] Result<void> end(std::optional<Encoding> encoding);

private:
    [[nodiscard]] Result<void> pass(QByteArrayView text);
    [[nodiscard]] Result<void> passHeld();

    service::CommitSession& m_session;
    std::optional<Encoding> m_encoding; ///< named or guessed
    QByteArray m_held;
    Base64Decoder m_decoder;
    QByteArray m_decoded; ///< one piece; kept for its memory
};

} // namespace hublet::api
