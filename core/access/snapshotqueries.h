// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/snapshot.h"
#include "core/db/transaction.h"

namespace hublet::access {

/// Reads the whole directory into a Snapshot. One object per load, inside one transaction.
class SnapshotQueries {
public:
    /// TokenUse is taken over from `before` (null at the start). Errors: Corrupt (a row means nothing to this
    /// program), and those of Query::run.
    [[nodiscard]] static Result<std::shared_ptr<const Snapshot>> load(db::Transaction& transaction,
                                                                      const Snapshot* before);

private:
    explicit SnapshotQueries(db::Transaction& transaction) : m_transaction(transaction) {}
    [[nodiscard]] Result<void> loadSettings();
    [[nodiscard]] Result<void> loadUsers();
    [[nodiscard]] Result<void> loadGroups();
    [[nodiscard]] Result<void> loadMemberships();
    [[nodiscard]] Result<void> loadTokens(const Snapshot* before);
    [[nodiscard]] Result<void> loadPermissions();
    [[nodiscard]] Result<void> loadUserGrants();
    [[nodiscard]] Result<void> loadGroupGrants();
    void giveToMembers(const Group& group, const Snapshot::Grant& grant);

    struct PermissionRow {
        Permission* permission = nullptr;
        std::shared_ptr<const PermissionMatcher> matcher;
    };

    db::Transaction& m_transaction;
    const std::shared_ptr<Snapshot> m_snapshot = std::make_shared<Snapshot>();
    std::unordered_map<qint64, PermissionRow> m_permissionsById;
};

} // namespace hublet::access
