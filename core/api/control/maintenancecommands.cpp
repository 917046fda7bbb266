// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/command.h"
#include "core/api/control/texttable.h"
#include "core/base/humanformat.h"
#include "core/service/context/servercontrol.h"
#include "core/service/services.h"

#include <QFileInfo>
#include <QJsonArray>
#include <QJsonObject>

namespace hublet::api::control {

namespace {

Result<access::AdminPermit> adminPermit(const CommandContext& context)
{
    return context.services.policy().checkAdmin(access::Principal::owner());
}

using Damages = std::vector<service::Maintenance::Damage>;

QString nameOf(const service::Maintenance::Damage& damage)
{
    return QString::fromLatin1(damage.content.sha256.toHex());
}

QJsonArray jsonOf(const Damages& damaged)
{
    QJsonArray array;
    for (const auto& damage : damaged) {
        array.append(QJsonObject{{QStringLiteral("sha256"), nameOf(damage)},
                                 {QStringLiteral("size"), damage.content.size},
                                 {QStringLiteral("problem"), damage.content.problem},
                                 {QStringLiteral("files"), QJsonArray::fromStringList(damage.files)}});
    }
    return array;
}

QStringList linesOf(const Damages& damaged)
{
    QStringList lines;
    for (const auto& damage : damaged) {
        lines.append(QStringLiteral("%1: %2").arg(nameOf(damage), damage.content.problem));
        for (const QString& file : damage.files)
            lines.append(QStringLiteral("    ") + file);
    }
    return lines;
}

Result<CommandOutput> verify(CommandContext& context)
{
    const auto admin = adminPermit(context);
    if (!admin)
        return forward(admin);
    const auto report = context.services.maintenance().verify(*admin, context.progress, context.cancel);
    if (!report)
        return forward(report);
    QStringList lines = linesOf(report->damaged);
    lines.append(report->catalog);
    lines.append(QStringLiteral("%1, %2 checked, %3 damaged.")
                     .arg(counted(report->contents, QStringLiteral("content"), QStringLiteral("contents")))
                     .arg(humanSize(report->bytes))
                     .arg(report->damaged.size()));
    return CommandOutput{
        lines.join(u'\n'),
        QJsonObject{{QStringLiteral("contents"), report->contents},
                    {QStringLiteral("bytes"), report->bytes},
                    {QStringLiteral("damaged"), jsonOf(report->damaged)},
                    {QStringLiteral("catalog"), QJsonArray::fromStringList(report->catalog)}},
        report->damaged.empty() && report->catalog.isEmpty() ? ExitCode::Success : ExitCode::Damaged};
}

Result<CommandOutput> sweep(CommandContext& context)
{
    const auto admin = adminPermit(context);
    if (!admin)
        return forward(admin);
    const bool dryRun = context.arguments.has(QStringLiteral("dry-run"));
    const auto report =
        context.services.maintenance().sweep(*admin, dryRun, context.progress, context.cancel);
    if (!report)
        return forward(report);
    const QString text =
        (dryRun ? QStringLiteral("%1 would be removed, %2 would be freed.")
                : QStringLiteral("%1 removed, %2 freed."))
            .arg(counted(report->contents, QStringLiteral("content"), QStringLiteral("contents")))
            .arg(humanSize(report->bytes));
    return CommandOutput{text, QJsonObject{{QStringLiteral("dryRun"), dryRun},
                                           {QStringLiteral("contents"), report->contents},
                                           {QStringLiteral("bytes"), report->bytes},
                                           {QStringLiteral("staging"), report->staging}}};
}

Result<CommandOutput> backup(CommandContext& context)
{
    const auto admin = adminPermit(context);
    if (!admin)
        return forward(admin);
    const QString bundle = context.arguments.at(0);
    if (bundle.isEmpty())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("Name the bundle to write."));
    if (!QFileInfo(bundle).isAbsolute())
        return fail(ErrorCode::InvalidArgument, QStringLiteral("Name the bundle by its full path."));
    const auto damaged =
        context.services.maintenance().backup(*admin, bundle, context.progress, context.cancel);
    if (!damaged)
        return forward(damaged);
    const qint64 size = QFileInfo(bundle).size();
    QStringList lines = linesOf(*damaged);
    lines.append(QStringLiteral("Backup written to %1 (%2).").arg(bundle, humanSize(size)));
    if (!damaged->empty()) {
        lines.append(QStringLiteral("%1 damaged in the store and in the backup. Upload the files again and "
                                    "make another one; 'restore' brings back everything else.")
                         .arg(counted(qint64(damaged->size()), QStringLiteral("content is"),
                                      QStringLiteral("contents are"))));
    }
    return CommandOutput{lines.join(u'\n'),
                         QJsonObject{{QStringLiteral("bundle"), bundle},
                                     {QStringLiteral("bytes"), size},
                                     {QStringLiteral("damaged"), jsonOf(*damaged)}},
                         damaged->empty() ? ExitCode::Success : ExitCode::Damaged};
}

/// Conversions between the forms of storage that run now.
std::vector<service::TransferInfo> runningConversions(const CommandContext& context)
{
    std::vector<service::TransferInfo> running = context.services.transfers().snapshot();
    std::erase_if(running, [](const service::TransferInfo& transfer) {
        return transfer.direction != service::TransferDirection::Conversion || transfer.endedMs != 0;
    });
    return running;
}

Result<CommandOutput> status(CommandContext& context)
{
    const auto status = context.services.maintenance().status();
    if (!status)
        return forward(status);
    const bool serving = context.server && context.server->state() == service::ServerControl::State::Serving;
    const QString address = context.server ? context.server->address() : QString();
    QStringList lines{
        serving ? QStringLiteral("Serving at %1").arg(address) : QStringLiteral("Not serving"),
        QStringLiteral("%1, %2, %3")
            .arg(counted(status->repositories, QStringLiteral("repository"), QStringLiteral("repositories")),
                 counted(status->packages, QStringLiteral("package"), QStringLiteral("packages")),
                 counted(status->users, QStringLiteral("user"), QStringLiteral("users"))),
        QStringLiteral("%1, %2 logical, %3 stored, %4 free on disk")
            .arg(counted(status->store.contents, QStringLiteral("content"), QStringLiteral("contents")))
            .arg(humanSize(status->store.logicalBytes), humanSize(status->store.storedBytes),
                 humanSize(status->store.freeBytes))};
    if (status->store.readOnly)
        lines.append(QStringLiteral("The store is read-only: %1").arg(status->store.readOnlyReason));
    QJsonArray conversions;
    for (const service::TransferInfo& conversion : runningConversions(context)) {
        lines.append(
            QStringLiteral("Converting %1: %2 of %3")
                .arg(conversion.repository, humanSize(conversion.done), humanSize(conversion.total)));
        conversions.append(QJsonObject{{QStringLiteral("repository"), conversion.repository},
                                       {QStringLiteral("bytes"), conversion.done},
                                       {QStringLiteral("totalBytes"), conversion.total}});
    }
    for (const QString& warning : status->warnings)
        lines.append(QStringLiteral("Warning: ") + warning);
    const QJsonObject store{{QStringLiteral("contents"), status->store.contents},
                            {QStringLiteral("logicalBytes"), status->store.logicalBytes},
                            {QStringLiteral("storedBytes"), status->store.storedBytes},
                            {QStringLiteral("freeBytes"), status->store.freeBytes},
                            {QStringLiteral("readOnly"), status->store.readOnly},
                            {QStringLiteral("readOnlyReason"), status->store.readOnlyReason},
                            {QStringLiteral("damaged"), status->store.damaged}};
    return CommandOutput{
        lines.join(u'\n'),
        QJsonObject{{QStringLiteral("serving"), serving},
                    {QStringLiteral("address"), address},
                    {QStringLiteral("repositories"), status->repositories},
                    {QStringLiteral("packages"), status->packages},
                    {QStringLiteral("users"), status->users},
                    {QStringLiteral("store"), store},
                    {QStringLiteral("conversions"), conversions},
                    {QStringLiteral("warnings"), QJsonArray::fromStringList(status->warnings)}}};
}

} // namespace

std::vector<Command> maintenanceCommands()
{
    return {
        {{QStringLiteral("verify"),
          {},
          QStringLiteral(
              "Re-hashes everything that is stored and names what is wrong and the files it hurts."),
          {}},
         verify},
        {{QStringLiteral("sweep"),
          {},
          QStringLiteral("Frees what nothing has needed for a day; what Xet clients may know, for 28 days."),
          {{QStringLiteral("dry-run"), {}, QStringLiteral("only tell what would be freed")}}},
         sweep},
        {{QStringLiteral("backup"),
          {QStringLiteral("bundle")},
          QStringLiteral("Writes everything into one new bundle file; works under load."),
          {}},
         backup},
        {{QStringLiteral("status"),
          {},
          QStringLiteral("Shows the server, the store and what needs attention."),
          {}},
         status},
    };
}

} // namespace hublet::api::control
