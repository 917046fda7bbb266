// SPDX-License-Identifier: Apache-2.0
#include "app/hubletd/firstrun.h"

#include "app/hubletd/output.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace hublet::app {

namespace {

QByteArray textOf(const service::FirstRun& first)
{
    return QStringLiteral("This is the first start. Keep these now; they are not shown again:\n"
                          "  user      %1\n  password  %2\n  token     %3\n")
        .arg(first.user, first.password, first.token)
        .toUtf8();
}

QByteArray jsonOf(const service::FirstRun& first)
{
    const QJsonObject object{
        {QStringLiteral("firstRun"), QJsonObject{{QStringLiteral("user"), first.user},
                                                 {QStringLiteral("password"), first.password},
                                                 {QStringLiteral("token"), first.token}}}};
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace

Result<void> tellFirstRun(service::Services& services, std::FILE* stream, bool asJson)
{
    const auto& first = services.firstRun();
    if (!first || writeNow(stream, asJson ? jsonOf(*first) : textOf(*first)))
        return {};
    if (const auto removed = services.directory().deleteUser(first->user); !removed)
        return removed;
    return fail(ErrorCode::Io, QStringLiteral("The first password and token could not be shown, so they were "
                                              "taken back; the next start makes new ones"));
}

} // namespace hublet::app
