// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/protocol.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace hublet::api::control::protocol {

namespace {

QByteArray line(const QJsonObject& object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

std::optional<QJsonObject> parse(QByteArrayView text)
{
    const QJsonDocument document = QJsonDocument::fromJson(text.toByteArray());
    if (!document.isObject())
        return std::nullopt;
    return document.object();
}

} // namespace

QByteArray encode(const Request& request)
{
    return line({{QStringLiteral("words"), QJsonArray::fromStringList(request.words)},
                 {QStringLiteral("input"), QString::fromLatin1(request.input.toBase64())}});
}

QByteArray encode(const Progress& progress)
{
    return line({{QStringLiteral("progress"), QJsonObject{{QStringLiteral("done"), progress.done},
                                                          {QStringLiteral("total"), progress.total}}}});
}

QByteArray encode(const CommandOutput& output)
{
    return line({{QStringLiteral("exit"), int(output.exitCode)},
                 {QStringLiteral("text"), output.text},
                 {QStringLiteral("output"), output.json}});
}

std::optional<Request> decodeRequest(QByteArrayView text)
{
    const auto object = parse(text);
    if (!object || !object->value(QStringLiteral("words")).isArray())
        return std::nullopt;
    Request request;
    for (const QJsonValue& word : object->value(QStringLiteral("words")).toArray())
        request.words.append(word.toString());
    request.input = QByteArray::fromBase64(object->value(QStringLiteral("input")).toString().toLatin1());
    return request;
}

std::optional<Progress> decodeProgress(QByteArrayView text)
{
    const auto object = parse(text);
    if (!object || !object->value(QStringLiteral("progress")).isObject())
        return std::nullopt;
    const QJsonObject progress = object->value(QStringLiteral("progress")).toObject();
    return Progress{progress.value(QStringLiteral("done")).toInteger(),
                    progress.value(QStringLiteral("total")).toInteger()};
}

std::optional<CommandOutput> decodeOutput(QByteArrayView text)
{
    const auto object = parse(text);
    if (!object || !object->contains(QStringLiteral("exit")))
        return std::nullopt;
    return CommandOutput{object->value(QStringLiteral("text")).toString(),
                         object->value(QStringLiteral("output")),
                         static_cast<ExitCode>(object->value(QStringLiteral("exit")).toInt())};
}

} // namespace hublet::api::control::protocol
