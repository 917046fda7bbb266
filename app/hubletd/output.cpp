// SPDX-License-Identifier: Apache-2.0
#include "app/hubletd/output.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cerrno>
#include <cstring>

namespace hublet::app {

using api::control::ExitCode;

namespace {

QString jsonText(const QJsonValue& value)
{
    QJsonDocument document;
    if (value.isObject())
        document.setObject(value.toObject());
    else if (value.isArray())
        document.setArray(value.toArray());
    else
        return QStringLiteral("null");
    return QString::fromUtf8(document.toJson(QJsonDocument::Indented).trimmed());
}

} // namespace

bool writeNow(std::FILE* stream, const QByteArray& text)
{
    errno = 0;
    const size_t size = size_t(text.size());
    if (std::fwrite(text.constData(), 1, size, stream) == size && std::fflush(stream) == 0)
        return true;
    std::fprintf(stderr, "hubletd: The output cannot be written: %s\n", std::strerror(errno));
    return false;
}

int print(std::FILE* stream, const QString& text, ExitCode exitCode)
{
    const QString lines = text.endsWith(u'\n') ? text : text + u'\n';
    return int(writeNow(stream, lines.toUtf8()) ? exitCode : ExitCode::Failed);
}

int print(const api::control::CommandOutput& output, const GlobalOptions& global)
{
    if (global.json)
        return print(stdout, jsonText(output.json), output.exitCode);
    const bool isError = output.json.toObject().contains(QStringLiteral("error"));
    return print(isError ? stderr : stdout, output.text, output.exitCode);
}

} // namespace hublet::app
