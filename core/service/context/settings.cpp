// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/settings.h"

#include "core/service/context/datafolder.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSaveFile>

namespace hublet::service {

namespace {

constexpr qint64 MaxFileBytes = 1 << 20;
constexpr int MaxPort = 65535;

constexpr QLatin1StringView Port("port");
constexpr QLatin1StringView Addresses("addresses");
constexpr QLatin1StringView DefaultRepository("defaultRepository");
constexpr QLatin1StringView AllowedHosts("allowedHosts");
constexpr QLatin1StringView AllowedOrigins("allowedOrigins");
constexpr QLatin1StringView TrustedProxies("trustedProxies");
constexpr QLatin1StringView XetTokenSeconds("xetTokenSeconds");
constexpr QLatin1StringView XetUrlSeconds("xetUrlSeconds");
constexpr int MaxXetSeconds = 7 * 24 * 3600;

tl::unexpected<Error> malformed(const QString& what)
{
    return fail(ErrorCode::Corrupt, what);
}

/// Says of a malformed file which one it is and what helps.
tl::unexpected<Error> damaged(const QString& file, const QString& what)
{
    return fail(ErrorCode::Corrupt,
                QStringLiteral("The settings file %1 is damaged: %2. Correct it, or remove "
                               "it to have the settings of a new data folder")
                    .arg(file, what));
}

Result<void> readList(const QJsonObject& json, QLatin1StringView key, QStringList& list)
{
    if (!json.contains(key))
        return {};
    if (!json.value(key).isArray())
        return malformed(QStringLiteral("'%1' is not a list").arg(key));
    list.clear();
    for (const QJsonValue& item : json.value(key).toArray()) {
        if (!item.isString())
            return malformed(QStringLiteral("'%1' holds something else than texts").arg(key));
        list.append(item.toString());
    }
    return {};
}

Result<void> readLife(const QJsonObject& json, QLatin1StringView key, int& seconds)
{
    if (!json.contains(key))
        return {};
    seconds = json.value(key).toInt();
    if (seconds < 1 || seconds > MaxXetSeconds)
        return malformed(QStringLiteral("'%1' is not a number of seconds up to a week").arg(key));
    return {};
}

Result<SettingsValues> fromJson(const QJsonObject& json)
{
    SettingsValues values;
    const int port = json.value(Port).toInt(json.contains(Port) ? 0 : values.port);
    if (port < 1 || port > MaxPort)
        return malformed(QStringLiteral("'port' is not a port number"));
    values.port = quint16(port);
    if (const QString key = json.value(DefaultRepository).toString(); !key.isEmpty()) {
        const auto repository = RepositoryKey::parse(key);
        if (!repository)
            return malformed(QStringLiteral("'defaultRepository' is not a repository key"));
        values.defaultRepository = *repository;
    }
    const std::pair<QLatin1StringView, QStringList*> lists[] = {{Addresses, &values.addresses},
                                                                {AllowedHosts, &values.allowedHosts},
                                                                {AllowedOrigins, &values.allowedOrigins},
                                                                {TrustedProxies, &values.trustedProxies}};
    for (const auto& [key, list] : lists) {
        if (const auto read = readList(json, key, *list); !read)
            return forward(read);
    }
    if (const auto read = readLife(json, XetTokenSeconds, values.xetTokenSeconds); !read)
        return forward(read);
    if (const auto read = readLife(json, XetUrlSeconds, values.xetUrlSeconds); !read)
        return forward(read);
    return values;
}

QJsonObject toJson(QJsonObject json, const SettingsValues& values)
{
    json.insert(Port, values.port);
    json.insert(Addresses, QJsonArray::fromStringList(values.addresses));
    json.insert(DefaultRepository, values.defaultRepository ? values.defaultRepository->text() : QString());
    json.insert(AllowedHosts, QJsonArray::fromStringList(values.allowedHosts));
    json.insert(AllowedOrigins, QJsonArray::fromStringList(values.allowedOrigins));
    json.insert(TrustedProxies, QJsonArray::fromStringList(values.trustedProxies));
    json.insert(XetTokenSeconds, values.xetTokenSeconds);
    json.insert(XetUrlSeconds, values.xetUrlSeconds);
    return json;
}

} // namespace

Result<std::unique_ptr<Settings>> Settings::open(const QString& file)
{
    std::unique_ptr<Settings> settings(new Settings(file));
    QFile stored(file);
    if (!stored.exists())
        return settings;
    if (!stored.open(QIODevice::ReadOnly))
        return fail(
            ErrorCode::Io,
            QStringLiteral("The settings file %1 cannot be read: %2").arg(file, stored.errorString()));
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(stored.read(MaxFileBytes), &problem);
    if (document.isNull())
        return damaged(file, QStringLiteral("%1 at byte %2").arg(problem.errorString()).arg(problem.offset));
    if (!document.isObject())
        return damaged(file, QStringLiteral("it holds no JSON object"));
    auto values = fromJson(document.object());
    if (!values)
        return damaged(file, values.error().detail());
    settings->m_json = document.object();
    settings->m_values = std::move(*values);
    return settings;
}

SettingsValues Settings::values() const
{
    const std::lock_guard lock(m_mutex);
    return m_values;
}

Result<void> Settings::change(const SettingsValues& values)
{
    if (values.port == 0)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("Port 0 cannot be listened on"));
    if (values.addresses.isEmpty())
        return fail(ErrorCode::InvalidArgument,
                    QStringLiteral("At least one address to listen on is needed"));
    const std::lock_guard lock(m_mutex);
    QJsonObject json = toJson(m_json, values);
    QSaveFile file(m_file);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(QFile::ReadOwner | QFile::WriteOwner) ||
        file.write(QJsonDocument(json).toJson()) < 0 || !file.commit())
        return fail(ErrorCode::Io,
                    QStringLiteral("The settings file cannot be written: %1").arg(file.errorString()));
    if (const auto synced = DataFolder::sync(QFileInfo(m_file).absolutePath()); !synced)
        return synced;
    m_json = std::move(json);
    m_values = values;
    return {};
}

} // namespace hublet::service
