// SPDX-License-Identifier: Apache-2.0
#include "core/api/control/command.h"
#include "core/api/control/texttable.h"
#include "core/base/humanformat.h"
#include "core/service/services.h"

#include <QJsonArray>
#include <QJsonObject>

namespace hublet::api::control {

namespace {

using catalog::Repository;

/// A conversion that is stopped looks up after every few MiB, but may wait for the disk.
constexpr std::chrono::seconds StopLimit{10};

QString onOff(bool is)
{
    return is ? QStringLiteral("on") : QStringLiteral("off");
}

QJsonObject toJson(const Repository& repository)
{
    return {{QStringLiteral("key"), repository.key.text()},
            {QStringLiteral("rclass"), catalog::repositoryClassName(repository.rclass)},
            {QStringLiteral("hfLayout"), catalog::layoutName(repository.layout)},
            {QStringLiteral("description"), repository.settings.description},
            {QStringLiteral("xet"), repository.settings.xet},
            {QStringLiteral("createOnDeploy"), repository.settings.createOnDeploy},
            {QStringLiteral("strictRevisionNames"), repository.settings.strictRevisionNames},
            {QStringLiteral("quotaBytes"), repository.settings.quotaBytes},
            {QStringLiteral("createdAt"), QString::fromLatin1(isoTime(repository.createdMs))}};
}

Result<catalog::RepositorySettings> readSettings(const Arguments& arguments,
                                                 catalog::RepositorySettings settings)
{
    settings.description = arguments.value(QStringLiteral("description"), settings.description);
    const auto xet = arguments.toggle(QStringLiteral("xet"), settings.xet);
    if (!xet)
        return forward(xet);
    settings.xet = *xet;
    const auto createOnDeploy = arguments.toggle(QStringLiteral("create-on-deploy"), settings.createOnDeploy);
    if (!createOnDeploy)
        return forward(createOnDeploy);
    settings.createOnDeploy = *createOnDeploy;
    const auto strict = arguments.toggle(QStringLiteral("strict-revisions"), settings.strictRevisionNames);
    if (!strict)
        return forward(strict);
    settings.strictRevisionNames = *strict;
    if (arguments.has(QStringLiteral("quota"))) {
        bool ok = false;
        settings.quotaBytes = arguments.value(QStringLiteral("quota")).toLongLong(&ok);
        if (!ok || settings.quotaBytes < 0)
            return fail(ErrorCode::InvalidArgument,
                        QStringLiteral("--quota is a number of bytes; 0 means none."));
    }
    return settings;
}

const QList<OptionSpec>& settingsOptions()
{
    static const QList<OptionSpec> options{
        {QStringLiteral("description"), QStringLiteral("text"), QStringLiteral("what the repository is for")},
        {QStringLiteral("xet"), QStringLiteral("on|off"),
         QStringLiteral("chunked and deduplicated storage; new ones: on")},
        {QStringLiteral("create-on-deploy"), QStringLiteral("on|off"),
         QStringLiteral("uploads create unknown packages and revisions; new ones: on")},
        {QStringLiteral("strict-revisions"), QStringLiteral("on|off"),
         QStringLiteral("revision names of letters, digits, '-' and '.' only; new ones: off")},
        {QStringLiteral("quota"), QStringLiteral("bytes"),
         QStringLiteral("bytes that all its revisions may hold, equal files once; 0: no limit")}};
    return options;
}

Result<Repository> find(CommandContext& context)
{
    const auto key = RepositoryKey::parse(context.arguments.at(0));
    if (!key)
        return forward(key);
    return context.services.browse().repository(*key);
}

Result<CommandOutput> create(CommandContext& context)
{
    const auto key = RepositoryKey::parse(context.arguments.at(0));
    if (!key)
        return forward(key);
    service::Repositories::NewRepository request;
    const auto rclass = catalog::repositoryClassFromName(
        context.arguments.value(QStringLiteral("class"), QStringLiteral("local")));
    const auto layout = catalog::layoutFromName(
        context.arguments.value(QStringLiteral("layout"), QStringLiteral("machinelearning")));
    if (rclass != catalog::RepositoryClass::Local)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("--class is 'local', not '%1'.")
                                                    .arg(context.arguments.value(QStringLiteral("class"))));
    if (!layout)
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("--layout is 'machinelearning' or 'legacy', not '%1'.")
                        .arg(context.arguments.value(QStringLiteral("layout"))));
    request.rclass = *rclass;
    request.layout = *layout;
    const auto settings = readSettings(context.arguments, {});
    if (!settings)
        return forward(settings);
    request.settings = *settings;
    const auto admin = context.services.policy().checkAdmin(access::Principal::owner());
    if (!admin)
        return forward(admin);
    const auto repository = context.services.repositories().create(*admin, *key, request);
    if (!repository)
        return forward(repository);
    return CommandOutput{QStringLiteral("Repository %1 created.").arg(key->text()), toJson(*repository)};
}

Result<CommandOutput> list(CommandContext& context)
{
    const auto repositories = context.services.browse().repositories(access::Principal::owner());
    if (!repositories)
        return forward(repositories);
    QJsonArray json;
    QList<QStringList> rows;
    for (const Repository& repository : *repositories) {
        json.append(toJson(repository));
        rows.append({repository.key.text(), catalog::repositoryClassName(repository.rclass),
                     catalog::layoutName(repository.layout), onOff(repository.settings.xet),
                     repository.settings.description});
    }
    const QStringList heading{QStringLiteral("KEY"), QStringLiteral("CLASS"), QStringLiteral("LAYOUT"),
                              QStringLiteral("XET"), QStringLiteral("DESCRIPTION")};
    return CommandOutput{textTable(heading, rows), json};
}

QString settingsText(const catalog::RepositorySettings& settings)
{
    QString text =
        QStringLiteral("Xet %1, create on deploy %2, strict revision names %3, %4")
            .arg(onOff(settings.xet), onOff(settings.createOnDeploy), onOff(settings.strictRevisionNames),
                 settings.quotaBytes > 0 ? QStringLiteral("quota ") + humanSize(settings.quotaBytes)
                                         : QStringLiteral("no quota"));
    if (!settings.description.isEmpty())
        text += u'\n' + settings.description;
    return text;
}

Result<CommandOutput> show(CommandContext& context)
{
    const auto repository = find(context);
    if (!repository)
        return forward(repository);
    const auto totals = context.services.repositories().totals(repository->key);
    if (!totals)
        return forward(totals);
    const auto use = context.services.repositories().storageUse(repository->key);
    if (!use)
        return forward(use);
    const auto toConvert =
        context.services.repositories().inOtherForm(repository->key, repository->settings.xet);
    if (!toConvert)
        return forward(toConvert);
    QJsonObject json = toJson(*repository);
    json.insert(QStringLiteral("toConvert"),
                QJsonObject{{QStringLiteral("contents"), toConvert->contents},
                            {QStringLiteral("bytes"), toConvert->bytes},
                            {QStringLiteral("underWay"),
                             context.services.repositories().isConverting(repository->key)}});
    json.insert(QStringLiteral("storage"),
                QJsonObject{{QStringLiteral("logicalBytes"), use->logical},
                            {QStringLiteral("storedBytes"), use->stored},
                            {QStringLiteral("sharedBytes"), use->shared},
                            {QStringLiteral("savedPercent"), use->savedPercent()}});
    json.insert(QStringLiteral("packages"), totals->packages);
    json.insert(QStringLiteral("files"), totals->files);
    json.insert(QStringLiteral("logicalBytes"), totals->logicalBytes);
    QString text = QStringLiteral("%1 (%2, %3)\n%4, %5, %6\nall commits: %7 logical, %8 stored, %9 of that "
                                  "shared with other repositories, %10 % saved")
                       .arg(repository->key.text(), catalog::repositoryClassName(repository->rclass),
                            catalog::layoutName(repository->layout))
                       .arg(counted(totals->packages, QStringLiteral("package"), QStringLiteral("packages")))
                       .arg(counted(totals->files, QStringLiteral("file"), QStringLiteral("files")))
                       .arg(humanSize(totals->logicalBytes), humanSize(use->logical), humanSize(use->stored),
                            humanSize(use->shared))
                       .arg(use->savedPercent(), 0, 'f', 1);
    text += u'\n' + settingsText(repository->settings);
    if (toConvert->contents > 0) {
        text += QStringLiteral("\n%1 in %2 not yet stored as Xet %3 asks for")
                    .arg(humanSize(toConvert->bytes))
                    .arg(counted(toConvert->contents, QStringLiteral("content"), QStringLiteral("contents")))
                    .arg(onOff(repository->settings.xet));
    }
    return CommandOutput{text, json};
}

/// What becomes of what is stored in the form that the Xet switch does not ask for.
QString conversionText(const service::Repositories& repositories, const RepositoryKey& key)
{
    return (repositories.converts()
                ? QStringLiteral("What %1 holds in the other form is being converted.")
                : QStringLiteral("What %1 holds in the other form will be converted when Hublet serves."))
        .arg(key.text());
}

Result<CommandOutput> change(CommandContext& context)
{
    const auto repository = find(context);
    if (!repository)
        return forward(repository);
    const auto settings = readSettings(context.arguments, repository->settings);
    if (!settings)
        return forward(settings);
    const auto admin = context.services.policy().checkAdmin(access::Principal::owner());
    if (!admin)
        return forward(admin);
    const auto changed = context.services.repositories().change(*admin, repository->key, *settings);
    if (!changed)
        return forward(changed);
    QString text = QStringLiteral("Repository %1 changed.").arg(changed->key.text());
    if (changed->settings.xet != repository->settings.xet)
        text += u' ' + conversionText(context.services.repositories(), changed->key);
    return CommandOutput{text, toJson(*changed)};
}

/// Stops the conversion of a repository, or goes on with it.
Result<CommandOutput> steerConversion(CommandContext& context, bool goOn)
{
    const auto repository = find(context);
    if (!repository)
        return forward(repository);
    const auto admin = context.services.policy().checkAdmin(access::Principal::owner());
    if (!admin)
        return forward(admin);
    const QString key = repository->key.text();
    service::Repositories& repositories = context.services.repositories();
    if (!goOn) {
        repositories.cancelConversion(*admin, repository->key);
        const bool hasEnded = repositories.waitForConversion(repository->key, StopLimit);
        return CommandOutput{(hasEnded
                                  ? QStringLiteral("Nothing of %1 is being converted.")
                                  : QStringLiteral("The conversion of %1 stops as soon as the disk lets it."))
                                 .arg(key),
                             QJsonObject{{QStringLiteral("stopped"), key}}};
    }
    repositories.resumeConversion(*admin, repository->key);
    return CommandOutput{conversionText(repositories, repository->key),
                         QJsonObject{{QStringLiteral("resumed"), key}}};
}

Result<CommandOutput> stopConversion(CommandContext& context)
{
    return steerConversion(context, false);
}

Result<CommandOutput> resumeConversion(CommandContext& context)
{
    return steerConversion(context, true);
}

Result<CommandOutput> remove(CommandContext& context)
{
    const auto repository = find(context);
    if (!repository)
        return forward(repository);
    const auto totals = context.services.repositories().totals(repository->key);
    if (!totals)
        return forward(totals);
    const QString confirmed = context.arguments.value(QStringLiteral("confirm"), repository->key.text());
    if (confirmed != repository->key.text()) {
        return fail(ErrorCode::Conflict, QStringLiteral("--confirm %1 does not name the repository %2.")
                                             .arg(confirmed, repository->key.text()));
    }
    if (totals->packages > 0 && !context.arguments.has(QStringLiteral("confirm"))) {
        return fail(
            ErrorCode::Conflict,
            QStringLiteral("Repository %1 holds %2. To delete it with everything in it, repeat the command "
                           "with --confirm %1")
                .arg(repository->key.text(),
                     counted(totals->packages, QStringLiteral("package"), QStringLiteral("packages"))));
    }
    const auto admin = context.services.policy().checkAdmin(access::Principal::owner());
    if (!admin)
        return forward(admin);
    const auto removed = context.services.repositories().remove(*admin, repository->key);
    if (!removed)
        return forward(removed);
    return CommandOutput{QStringLiteral("Repository %1 deleted.").arg(repository->key.text()),
                         QJsonObject{{QStringLiteral("deleted"), repository->key.text()}}};
}

} // namespace

std::vector<Command> repositoryCommands()
{
    const QString key = QStringLiteral("key");
    QList<OptionSpec> createOptions{
        {QStringLiteral("class"), QStringLiteral("local"),
         QStringLiteral("default: local (remote and virtual are not served yet)")},
        {QStringLiteral("layout"), QStringLiteral("machinelearning|legacy"),
         QStringLiteral("how artifact paths look; default: machinelearning")}};
    createOptions += settingsOptions();
    return {
        {{QStringLiteral("repository create"), {key}, QStringLiteral("Creates a repository."), createOptions},
         create},
        {{QStringLiteral("repository list"), {}, QStringLiteral("Lists all repositories."), {}}, list},
        {{QStringLiteral("repository show"),
          {key},
          QStringLiteral("Shows one repository and how full it is."),
          {}},
         show},
        {{QStringLiteral("repository change"),
          {key},
          QStringLiteral("Changes settings of a repository."),
          settingsOptions(),
          true},
         change},
        {{QStringLiteral("repository stop-conversion"),
          {key},
          QStringLiteral("Stops converting what is stored after Xet was turned on or off, until it is "
                         "resumed or Hublet starts again. Only a running server or window converts."),
          {}},
         stopConversion},
        {{QStringLiteral("repository resume-conversion"),
          {key},
          QStringLiteral("Goes on converting what is stored to what the Xet switch says."),
          {}},
         resumeConversion},
        {{QStringLiteral("repository delete"),
          {key},
          QStringLiteral(
              "Deletes a repository and every package in it; one that is not empty must be confirmed."),
          {{QStringLiteral("confirm"), key, QStringLiteral("the key again: yes, with everything in it")}}},
         remove},
    };
}

} // namespace hublet::api::control
