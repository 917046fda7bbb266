// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/commitfilecontent.h"

#include "core/service/uploads/uploads.h"

#include <algorithm>

namespace hublet::api {

Result<void> CommitFileContent::begin(std::optional<Encoding> encoding)
{
    m_encoding = encoding;
    m_held.clear();
    m_decoder = Base64Decoder();
    return m_session.beginFile();
}

Result<void> CommitFileContent::append(QByteArrayView text)
{
    if (m_encoding)
        return pass(text);
    m_held.append(text);
    if (m_held.size() <= MaxHeldBytes)
        return {};
    m_encoding = Base64Decoder::isPlausible(m_held) ? Encoding::Base64 : Encoding::Utf8;
    return passHeld();
}

Result<void> CommitFileContent::end(std::optional<Encoding> encoding)
{
    const Encoding stated = encoding.value_or(Encoding::Utf8);
    if (!m_encoding) {
        m_encoding = stated;
        if (const auto passed = passHeld(); !passed)
            return passed;
    }
    if (m_encoding != stated)
        return fail(ErrorCode::Malformed,
                    QStringLiteral("the content is not in the encoding that follows it"));
    if (stated == Encoding::Utf8)
        return {};
    m_decoded.resize(0);
    if (const auto finished = m_decoder.finish(m_decoded); !finished)
        return finished;
    return m_decoded.isEmpty() ? Result<void>() : m_session.append(m_decoded);
}

Result<void> CommitFileContent::passHeld()
{
    const auto passed = pass(m_held);
    m_held.resize(0);
    return passed;
}

Result<void> CommitFileContent::pass(QByteArrayView text)
{
    while (!text.isEmpty()) {
        QByteArrayView piece = text.first(std::min(text.size(), MaxPieceBytes));
        text = text.sliced(piece.size());
        if (m_encoding == Encoding::Base64) {
            m_decoded.resize(0);
            if (const auto decoded = m_decoder.append(piece, m_decoded); !decoded)
                return decoded;
            piece = m_decoded;
        }
        if (piece.isEmpty())
            continue;
        if (const auto appended = m_session.append(piece); !appended)
            return appended;
    }
    return {};
}

} // namespace hublet::api
