// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/result.h"
#include "core/catalog/model/claimant.h"
#include "core/catalog/model/storageuse.h"
#include "core/db/transaction.h"

#include <functional>
#include <optional>
#include <vector>

/// The statements over which packages and users know which content. Each runs inside the caller's
/// transaction.
namespace hublet::catalog::queries {

/// A commit of the package holds this content.
[[nodiscard]] Result<void> addContentUse(db::Transaction& transaction, qint64 package, const Sha256& content,
                                         qint64 nowMs);
/// When the content first entered the package; nothing when it never did.
[[nodiscard]] Result<std::optional<qint64>> contentAddedMs(db::Transaction& transaction, qint64 package,
                                                           const Sha256& content);
/// Bytes of all contents that commits of the repository's packages hold, each content once.
[[nodiscard]] Result<qint64> heldBytes(db::Transaction& transaction, qint64 repository);
/// Does a commit of one of the repository's packages hold the content?
[[nodiscard]] Result<bool> isHeld(db::Transaction& transaction, qint64 repository, const Sha256& content);
[[nodiscard]] Result<std::vector<qint64>> packagesUsing(db::Transaction& transaction, const Sha256& content);

/// Contents that the repository's packages use, of another form than `asSegments` says; the repository's own
/// switch is not looked at. One that another repository with Xet on uses as well stays as segments.
[[nodiscard]] Result<OtherForm> countInOtherForm(db::Transaction& transaction, qint64 repository,
                                                 bool asSegments);
/// At most `limit` of them behind `after`, by digest.
[[nodiscard]] Result<std::vector<Sha256>> listInOtherForm(db::Transaction& transaction, qint64 repository,
                                                          bool asSegments, const Sha256& after, int limit);

[[nodiscard]] Result<void> setClaim(db::Transaction& transaction, const Claimant& claimant,
                                    const Sha256& content, qint64 expiresMs);
[[nodiscard]] Result<bool> hasClaim(db::Transaction& transaction, const Claimant& claimant,
                                    const Sha256& content, qint64 nowMs);
[[nodiscard]] Result<void> dropClaims(db::Transaction& transaction, qint64 expiredBeforeMs);

/// Everything that packages and claims need; the same content may come more than once.
[[nodiscard]] Result<void> forEachLiveContent(db::Transaction& transaction, qint64 nowMs,
                                              const std::function<void(const Sha256&)>& live);

/// Bytes of a small file that the catalog reads itself.
[[nodiscard]] Result<void> saveText(db::Transaction& transaction, const Sha256& content,
                                    const QByteArray& text);
[[nodiscard]] Result<std::optional<QByteArray>> loadText(db::Transaction& transaction, const Sha256& content);

} // namespace hublet::catalog::queries
