// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/action.h"
#include "core/access/principal.h"
#include "core/base/names.h"

namespace hublet::access {

/// Proof that Policy allowed `principal` to do `action` on `path` of `repository`. Only Policy makes one;
/// services and handlers demand one, so nothing runs unasked. Valid for one request.
class Permit {
public:
    [[nodiscard]] const Principal& principal() const { return m_principal; }
    [[nodiscard]] Action action() const { return m_action; }
    [[nodiscard]] const RepositoryKey& repository() const { return m_repository; }
    /// Artifact path such as "models/acme/bert-tiny"; empty = the whole repository.
    [[nodiscard]] const QString& path() const { return m_path; }

private:
    friend class Policy;
    Permit(Principal principal, Action action, RepositoryKey repository, QString path)
        : m_principal(std::move(principal)), m_action(action), m_repository(std::move(repository)),
          m_path(std::move(path))
    {
    }
    Principal m_principal;
    Action m_action;
    RepositoryKey m_repository;
    QString m_path;
};

/// Proof that Policy found `principal` to be an administrator.
class AdminPermit {
public:
    [[nodiscard]] const Principal& principal() const { return m_principal; }

private:
    friend class Policy;
    explicit AdminPermit(Principal principal) : m_principal(std::move(principal)) {}
    Principal m_principal;
};

} // namespace hublet::access
