// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/jsonbody.h"

#include <QJsonDocument>
#include <QJsonParseError>

namespace hublet::api {

namespace {

/// Depth and number of members are counted before the parser builds anything. Sees brackets, commas and
/// colons outside of strings; whether they stand where JSON wants them is the parser's business.
Result<void> checkJsonSize(QByteArrayView body)
{
    int depth = 0;
    qsizetype members = 0;
    bool inString = false;
    for (qsizetype i = 0; i < body.size(); ++i) {
        const char c = body[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
            continue;
        }
        if (c == '"')
            inString = true;
        else if (c == '{' || c == '[')
            ++depth;
        else if (c == '}' || c == ']')
            --depth;
        else if (c == ',' || c == ':')
            ++members;
        if (depth > kJsonDepth)
            return fail(ErrorCode::Malformed, QStringLiteral("The JSON body is nested too deeply."));
        if (members > kJsonKeys)
            return fail(ErrorCode::Malformed, QStringLiteral("The JSON body has too many members."));
    }
    return {};
}

} // namespace

Result<QJsonObject> parseJsonObject(const QByteArray& body)
{
    // Clients send nothing or null where every member is optional; Qt 6.4 does not take a bare null.
    if (const QByteArray text = body.trimmed(); text.isEmpty() || text == "null")
        return QJsonObject();
    if (const auto size = checkJsonSize(body); !size)
        return forward(size);
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(body, &problem);
    if (problem.error != QJsonParseError::NoError)
        return fail(ErrorCode::Malformed,
                    QStringLiteral("The body is not valid JSON: %1.").arg(problem.errorString()));
    if (document.isObject())
        return document.object();
    return fail(ErrorCode::Malformed, QStringLiteral("The body must be a JSON object."));
}

} // namespace hublet::api
