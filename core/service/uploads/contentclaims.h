// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/principal.h"
#include "core/base/digest.h"
#include "core/base/result.h"
#include "core/catalog/model/claimant.h"

#include <optional>

namespace hublet::service {

struct ServiceContext;

/// Why a caller may have a content.
struct ContentRight {
    /// Row of a package whose files it may read; 0: it uploaded the content lately.
    qint64 package = 0;
};

/// As whom the principal uploads: what claims are looked up by.
[[nodiscard]] catalog::Claimant claimantOf(const access::Principal& principal);

/// May the principal name this content in a commit without uploading it, and have its bytes: it uploaded it
/// lately, or may read it in some package (DECISIONS 20)? A token that is limited to a repository goes by the
/// uploads to that repository only. `atMs`: the time at which it shall still be so.
[[nodiscard]] Result<std::optional<ContentRight>> rightTo(const ServiceContext& context,
                                                          const access::Principal& principal,
                                                          const Sha256& content, qint64 atMs);
[[nodiscard]] Result<bool> mayName(const ServiceContext& context, const access::Principal& principal,
                                   const Sha256& content, qint64 atMs);
/// Was it uploaded so lately, whatever may be read elsewhere?
[[nodiscard]] Result<bool> uploadedBy(const ServiceContext& context, const catalog::Claimant& claimant,
                                      const Sha256& content);

} // namespace hublet::service
