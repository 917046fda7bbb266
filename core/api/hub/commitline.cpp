// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/commitline.h"

#include "core/service/uploads/uploads.h"

#include <utility>

namespace hublet::api {
namespace {

tl::unexpected<Error> malformed(const QString& problem)
{
    return fail(ErrorCode::Malformed, problem);
}

Result<std::optional<RepoPath>> optionalPath(const CommitLine& line, CommitLine::Field field)
{
    if (!line.has(field))
        return std::nullopt;
    auto path = RepoPath::parse(line.text(field));
    if (!path)
        return forward(path);
    return std::move(*path);
}

} // namespace

std::optional<CommitLine::Field> CommitLine::fieldFromName(QByteArrayView name)
{
    static constexpr std::pair<const char*, Field> Names[] = {
        {"summary", Field::Summary},
        {"description", Field::Description},
        {"parentCommit", Field::ParentCommit},
        {"path", Field::Path},
        {"oldPath", Field::OldPath},
        {"encoding", Field::Encoding},
        {"algo", Field::Algo},
        {"oid", Field::Oid},
        {"size", Field::Size},
        {"srcPath", Field::SourcePath},
        {"srcRevision", Field::SourceRevision},
    };
    for (const auto& [text, field] : Names) {
        if (name == text)
            return field;
    }
    return std::nullopt;
}

Result<void> CommitLine::begin(Field field)
{
    if (has(field))
        return malformed(QStringLiteral("a field is given twice"));
    m_texts[std::size_t(field)].emplace("");
    return {};
}

Result<void> CommitLine::append(Field field, QByteArrayView text)
{
    m_textBytes += text.size();
    if (m_textBytes > MaxTextBytes)
        return malformed(
            QStringLiteral("the text beside the content is longer than %1 bytes").arg(MaxTextBytes));
    m_texts[std::size_t(field)]->append(text);
    return {};
}

Result<void> CommitLine::apply(service::CommitSession& session, bool hasContent) const
{
    const QByteArray key = text(Field::Key);
    if (hasContent && key != "file")
        return malformed(QStringLiteral("only a file has content"));
    if (key == "header")
        return applyHeader(session);
    if (key == "file")
        return applyFile(session, hasContent);
    if (key == "lfsFile")
        return applyLfsFile(session);
    if (key == "deletedFile" || key == "deletedFolder")
        return applyDeletion(session);
    if (key == "copyFile")
        return applyCopy(session);
    // Skipping what is not understood would silently make another commit than the one that was asked for.
    return malformed(key.isEmpty()
                         ? QStringLiteral("it has no \"key\"")
                         : QStringLiteral("operation \"%1\" is not known").arg(QString::fromUtf8(key)));
}

Result<void> CommitLine::applyHeader(service::CommitSession& session) const
{
    if (!has(Field::Summary))
        return malformed(QStringLiteral("the header has no summary"));
    return session.header({QString::fromUtf8(text(Field::Summary)),
                           QString::fromUtf8(text(Field::Description)), text(Field::ParentCommit)});
}

Result<void> CommitLine::applyFile(service::CommitSession& session, bool hasContent) const
{
    const auto path = RepoPath::parse(text(Field::Path));
    if (!path)
        return forward(path);
    const auto oldPath = optionalPath(*this, Field::OldPath);
    if (!oldPath)
        return forward(oldPath);
    if (hasContent)
        return session.endFile(*path, *oldPath);
    if (!oldPath->has_value())
        return malformed(QStringLiteral("the file has no content"));
    return session.rename(**oldPath, *path);
}

Result<void> CommitLine::applyLfsFile(service::CommitSession& session) const
{
    const auto path = RepoPath::parse(text(Field::Path));
    if (!path)
        return forward(path);
    const auto oldPath = optionalPath(*this, Field::OldPath);
    if (!oldPath)
        return forward(oldPath);
    if (!has(Field::Oid) && oldPath->has_value())
        return session.rename(**oldPath, *path);
    if (has(Field::Algo) && text(Field::Algo) != "sha256")
        return fail(ErrorCode::Unsupported, QStringLiteral("LFS objects are named by sha256 only"));
    const auto content = Sha256::fromHex(text(Field::Oid));
    if (!content)
        return fail(ErrorCode::InvalidHash, QStringLiteral("The oid of an LFS file is not a SHA-256"));
    std::optional<qint64> size;
    if (has(Field::Size)) {
        bool isNumber = false;
        size = text(Field::Size).toLongLong(&isNumber);
        if (!isNumber || *size < 0)
            return malformed(QStringLiteral("the size of an LFS file is not a whole number"));
    }
    return session.lfsFile(*path, *content, size, *oldPath);
}

Result<void> CommitLine::applyDeletion(service::CommitSession& session) const
{
    QByteArray name = text(Field::Path);
    if (name.endsWith('/'))
        name.chop(1); // clients mark folders so
    const auto path = RepoPath::parse(name);
    if (!path)
        return forward(path);
    return text(Field::Key) == "deletedFolder" ? session.deleteFolder(*path) : session.deletePath(*path);
}

Result<void> CommitLine::applyCopy(service::CommitSession& session) const
{
    const auto path = RepoPath::parse(text(Field::Path));
    if (!path)
        return forward(path);
    const auto source = RepoPath::parse(text(Field::SourcePath));
    if (!source)
        return forward(source);
    return session.copy(*source, QString::fromUtf8(text(Field::SourceRevision)), *path);
}

} // namespace hublet::api
