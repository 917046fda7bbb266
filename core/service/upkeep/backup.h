// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"
#include "core/store/context/storereports.h"

#include <QString>

#include <vector>

namespace hublet::service {

struct ServiceContext;

/// Writes a bundle (core/archive) of everything but the signing key: a consistent copy of the database first,
/// then the files of the store that the copy names, which are kept meanwhile whatever uploads and conversions
/// do. Every byte is compared with its digest on the way. When one is found damaged that nobody knew of, the
/// whole store is verified and the bundle begun again, so that the database in it knows. Gives the contents
/// that are damaged in the bundle. No sweep and no verify may run. Progress in bytes. Errors: AlreadyExists,
/// Corrupt (a stored file is missing or short, or was damaged since it was verified; named), Unsupported
/// (PostgreSQL), Cancelled, NoSpace, Io.
[[nodiscard]] Result<std::vector<store::DamagedContent>> writeBackup(const ServiceContext& context,
                                                                     const QString& bundle,
                                                                     const ProgressFunction& progress,
                                                                     const CancelToken& cancel);

} // namespace hublet::service
