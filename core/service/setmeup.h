// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"

#include <QString>

#include <optional>
#include <vector>

namespace hublet::service {

/// Ready text that makes a client talk to a repository (artifactory 6.5). Pure: no input or output but text.
struct SetMeUpRequest {
    QString address;    ///< "http://127.0.0.1:8082"
    QString repository; ///< key
    QString token;      ///< empty: a placeholder is shown that says where to get one
    PackageType type = PackageType::Model;
    std::optional<QString> package;  ///< "acme/bert-tiny"
    std::optional<QString> revision; ///< main when absent
    bool takesUploads = true;        ///< no: `revision` is a tag or a commit, and Deploy names main instead
    std::optional<QString> folder;   ///< at most one of folder and file
    std::optional<QString> file;

    bool operator==(const SetMeUpRequest&) const = default;
};

enum class SetMeUpShell { Bash, PowerShell, Python, Cli };

struct SetMeUpSnippet {
    QString title; ///< "Configure", "Deploy", "Resolve", "Load with transformers"
    QString text;  ///< works when pasted
};

/// `text` as one word of bash.
[[nodiscard]] QString bashText(QString text);
[[nodiscard]] QString huggingFaceEndpoint(const QString& address, const QString& repository);
[[nodiscard]] std::vector<SetMeUpSnippet> setMeUp(const SetMeUpRequest& request, SetMeUpShell shell);

} // namespace hublet::service
