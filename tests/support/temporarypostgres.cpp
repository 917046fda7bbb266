// SPDX-License-Identifier: Apache-2.0
#include "tests/support/temporarypostgres.h"

#include <QDir>
#include <QFile>
#include <QProcess>

#include <unistd.h>

namespace hublet::test {

namespace {

constexpr int ProgramTimeoutMs = 60'000;

bool runProgram(const QString& program, const QStringList& arguments, QString* reason)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.setStandardOutputFile(QProcess::nullDevice()); // the server would keep a pipe open
    if (::geteuid() == 0)
        process.start(QStringLiteral("runuser"), QStringList{QStringLiteral("-u"), QStringLiteral("postgres"),
                                                             QStringLiteral("--"), program} +
                                                     arguments);
    else
        process.start(program, arguments);
    const bool done = process.waitForFinished(ProgramTimeoutMs) && process.exitCode() == 0;
    if (!done)
        *reason = program + QStringLiteral(" failed");
    return done;
}

} // namespace

std::unique_ptr<TemporaryPostgres> TemporaryPostgres::start(QString* reason)
{
    const QStringList versions =
        QDir(QStringLiteral("/usr/lib/postgresql")).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    if (versions.isEmpty()) {
        *reason = QStringLiteral("no PostgreSQL server is installed");
        return nullptr;
    }
    std::unique_ptr<TemporaryPostgres> server(new TemporaryPostgres);
    server->m_programs = QStringLiteral("/usr/lib/postgresql/%1/bin/").arg(versions.last());
    const QString folder = server->m_folder.path();
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner | QFile::ReadOther |
                                      QFile::WriteOther | QFile::ExeOther);
    const QString data = folder + QStringLiteral("/data");
    const QString options =
        QStringLiteral(
            "-c listen_addresses='' -c unix_socket_directories=%1 -c fsync=off -c max_connections=40")
            .arg(folder);
    if (!runProgram(server->m_programs + QStringLiteral("initdb"),
                    {QStringLiteral("-D"), data, QStringLiteral("-A"), QStringLiteral("trust"),
                     QStringLiteral("-U"), QStringLiteral("hublet"), QStringLiteral("-E"),
                     QStringLiteral("UTF8"), QStringLiteral("-N"), QStringLiteral("--locale=C.UTF-8")},
                    reason) ||
        !runProgram(server->m_programs + QStringLiteral("pg_ctl"),
                    {QStringLiteral("-D"), data, QStringLiteral("-w"), QStringLiteral("-o"), options,
                     QStringLiteral("start")},
                    reason))
        return nullptr;
    return server;
}

TemporaryPostgres::~TemporaryPostgres()
{
    QString reason;
    runProgram(m_programs + QStringLiteral("pg_ctl"),
               {QStringLiteral("-D"), m_folder.path() + QStringLiteral("/data"), QStringLiteral("-m"),
                QStringLiteral("immediate"), QStringLiteral("stop")},
               &reason);
}

QString TemporaryPostgres::newDatabase()
{
    const QString name = QStringLiteral("test%1").arg(++m_databases);
    QString reason;
    runProgram(m_programs + QStringLiteral("createdb"),
               {QStringLiteral("-h"), m_folder.path(), QStringLiteral("-U"), QStringLiteral("hublet"), name},
               &reason);
    return QStringLiteral("host=%1 user=hublet dbname=%2").arg(m_folder.path(), name);
}

} // namespace hublet::test
