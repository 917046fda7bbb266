// SPDX-License-Identifier: Apache-2.0
#include "tests/core/catalog/gittool.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QProcessEnvironment>
#include <QStandardPaths>

namespace hublet::test {

GitTool::GitTool(const QString& folder) : m_folder(folder)
{
    if (m_folder.isEmpty()) {
        m_folder = m_temporary.filePath(QStringLiteral("repository.git"));
        (void)run({QStringLiteral("init"), QStringLiteral("--quiet"), QStringLiteral("--bare"), m_folder});
    }
}

bool GitTool::isInstalled()
{
    return !QStandardPaths::findExecutable(QStringLiteral("git")).isEmpty();
}

GitTool::Answer GitTool::run(const QStringList& arguments, const QByteArray& input,
                             const QStringList& environment) const
{
    QProcessEnvironment variables = QProcessEnvironment::systemEnvironment();
    variables.insert(QStringLiteral("GIT_DIR"), m_folder);
    variables.insert(QStringLiteral("GIT_INDEX_FILE"), m_temporary.filePath(QStringLiteral("index")));
    variables.insert(QStringLiteral("GIT_CONFIG_NOSYSTEM"), QStringLiteral("1"));
    variables.insert(QStringLiteral("HOME"), m_temporary.path());
    variables.insert(QStringLiteral("LC_ALL"), QStringLiteral("C"));
    for (const QString& variable : environment)
        variables.insert(variable.section(u'=', 0, 0), variable.section(u'=', 1));
    QProcess process;
    process.setProcessEnvironment(variables);
    process.start(QStringLiteral("git"), arguments);
    process.write(input);
    process.closeWriteChannel();
    if (!process.waitForFinished(60'000))
        return {};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

bool GitTool::writeFile(const QString& name, const QByteArray& bytes) const
{
    const QFileInfo target(m_folder + u'/' + name);
    QFile file(target.filePath());
    return QDir().mkpath(target.path()) && file.open(QIODevice::WriteOnly) &&
           file.write(bytes) == bytes.size();
}

QString GitTool::emptyFolder() const
{
    const QString folder = m_temporary.filePath(QStringLiteral("empty"));
    QDir().mkpath(folder);
    return folder;
}

GitOid GitTool::treeOf(const QMap<QByteArray, GitOid>& files) const
{
    QFile::remove(m_temporary.filePath(QStringLiteral("index")));
    QByteArray lines;
    for (auto file = files.begin(); file != files.end(); ++file)
        lines += "100644 " + file.value().toHex() + '\t' + file.key() + '\0';
    (void)run({QStringLiteral("update-index"), QStringLiteral("-z"), QStringLiteral("--index-info")}, lines);
    const Answer answer = run({QStringLiteral("write-tree"), QStringLiteral("--missing-ok")});
    return GitOid::fromHex(answer.out.trimmed()).value_or(GitOid());
}

} // namespace hublet::test
