// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/accessqueries.h"
#include "core/access/snapshot.h"

/// What Directory demands of a change before it touches the database.
namespace hublet::access {

[[nodiscard]] tl::unexpected<Error> notFound(const QString& kind, const QString& name);
[[nodiscard]] tl::unexpected<Error> noUser(const QString& name);
[[nodiscard]] tl::unexpected<Error> noGroup(const QString& name);

/// Is `name` fit for a user or group (NewUser::name)? Errors: InvalidName names the broken rule.
[[nodiscard]] Result<void> checkAccountName(const QString& name);
/// Users and groups are organisations alike: one name for both would let a user into a group's private
/// packages. Errors: AlreadyExists.
[[nodiscard]] Result<void> checkNameIsFree(const Snapshot& snapshot, const QString& name);
/// Errors: InvalidArgument.
[[nodiscard]] Result<void> checkLabels(const QString& fullName, const QString& email);
/// Errors: InvalidArgument.
[[nodiscard]] Result<void> checkNewToken(const NewToken& request);
/// Errors: InvalidName, InvalidArgument.
[[nodiscard]] Result<void> checkPermission(const Permission& permission);

/// The rows for Permission::users and Permission::groups; holders of nothing are left out. Errors: NotFound.
[[nodiscard]] Result<QList<GrantRow>> userGrants(const Snapshot& snapshot, const Permission& permission);
[[nodiscard]] Result<QList<GrantRow>> groupGrants(const Snapshot& snapshot, const Permission& permission);

} // namespace hublet::access
