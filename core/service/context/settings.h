// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QStringList>

#include <memory>
#include <mutex>
#include <optional>

namespace hublet::service {

/// What the administrator chooses for the program as a whole. Who may do what lives in access::Directory.
struct SettingsValues {
    quint16 port = 8082;                                                       ///< DECISIONS 14
    QStringList addresses{QStringLiteral("127.0.0.1"), QStringLiteral("::1")}; ///< listened on
    /// Key of the repository that is served at the root (DECISIONS 27); none = the root serves no repository.
    std::optional<RepositoryKey> defaultRepository = std::nullopt;
    QStringList allowedHosts;   ///< besides the loopback names and `addresses` (reliability 3.2)
    QStringList allowedOrigins; ///< browser origins that get CORS headers (DECISIONS 17)
    QStringList trustedProxies; ///< addresses whose X-Forwarded headers count (DECISIONS 13)
    int xetTokenSeconds = 3600; ///< life of Xet tokens (DECISIONS 8)
    int xetUrlSeconds = 3600;   ///< life of the URLs that Xet clients fetch chunks from (DECISIONS 8)

    bool operator==(const SettingsValues&) const = default;
};

/// The settings file: JSON, mode 0600, replaced as a whole. Keys it does not know are kept. Thread-safe.
class Settings {
public:
    /// A missing file gives the defaults. Errors: Corrupt (the file is not what we write), Io.
    [[nodiscard]] static Result<std::unique_ptr<Settings>> open(const QString& file);

    [[nodiscard]] SettingsValues values() const;
    /// Durable when it returns. Errors: InvalidArgument (no address to listen on, port 0), Io.
    [[nodiscard]] Result<void> change(const SettingsValues& values);

private:
    explicit Settings(QString file) : m_file(std::move(file)) {}

    const QString m_file;
    mutable std::mutex m_mutex;
    QJsonObject m_json;
    SettingsValues m_values;
};

} // namespace hublet::service
