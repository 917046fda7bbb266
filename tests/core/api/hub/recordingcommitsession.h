// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/uploads/uploads.h"

#include <QByteArray>
#include <QByteArrayList>

namespace hublet::api::test {

/// A commit session that writes down what it is told, one call a line, and can be made to fail. The bytes of
/// a file are kept only while keepsContent is set.
class RecordingCommitSession : public service::CommitSession {
public:
    QByteArrayList calls;
    bool keepsContent = true;
    qint64 contentBytes = 0;
    qsizetype largestPiece = 0;
    ErrorCode appendError = ErrorCode::NoSpace;
    qint64 failAfterBytes = -1; ///< of content; -1: never

    Result<void> header(const Header& header) override
    {
        return note("header " + header.title.toUtf8() + '|' + header.description.toUtf8() + '|' +
                    header.parentCommit);
    }
    Result<void> beginFile() override
    {
        m_content.clear();
        m_inFile = true;
        return {};
    }
    Result<void> append(QByteArrayView bytes) override
    {
        Q_ASSERT(m_inFile && !bytes.isEmpty());
        largestPiece = std::max(largestPiece, bytes.size());
        contentBytes += bytes.size();
        if (failAfterBytes >= 0 && contentBytes > failAfterBytes)
            return fail(appendError, QStringLiteral("append failed"));
        if (keepsContent)
            m_content.append(bytes);
        return {};
    }
    Result<void> endFile(const RepoPath& path, const std::optional<RepoPath>& oldPath) override
    {
        Q_ASSERT(m_inFile);
        m_inFile = false;
        return note("file " + path.bytes() + from(oldPath) + " = " + m_content);
    }
    Result<void> lfsFile(const RepoPath& path, const Sha256& content, std::optional<qint64> size,
                         const std::optional<RepoPath>& oldPath) override
    {
        return note("lfsFile " + path.bytes() + from(oldPath) + ' ' + content.toHex() + ' ' +
                    QByteArray::number(size.value_or(-1)));
    }
    Result<void> rename(const RepoPath& oldPath, const RepoPath& path) override
    {
        return note("rename " + oldPath.bytes() + " -> " + path.bytes());
    }
    Result<void> deletePath(const RepoPath& path) override { return note("delete " + path.bytes()); }
    Result<void> deleteFolder(const RepoPath& path) override { return note("deleteFolder " + path.bytes()); }
    Result<void> copy(const RepoPath& source, const QString& sourceRevision, const RepoPath& path) override
    {
        return note("copy " + source.bytes() + '@' + sourceRevision.toUtf8() + " -> " + path.bytes());
    }
    Result<service::CommitOutcome> finish(const Sha256&) override
    {
        return fail(ErrorCode::Internal, QStringLiteral("a recording has no outcome"));
    }

private:
    static QByteArray from(const std::optional<RepoPath>& oldPath)
    {
        return oldPath ? " (was " + oldPath->bytes() + ')' : QByteArray();
    }
    Result<void> note(const QByteArray& call)
    {
        calls.append(call);
        return {};
    }

    QByteArray m_content;
    bool m_inFile = false;
};

} // namespace hublet::api::test
