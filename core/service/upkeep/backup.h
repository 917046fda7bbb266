// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"

#include <QString>

namespace hublet::service {

struct ServiceContext;

/// Writes a bundle (core/archive) of everything but the signing key: a consistent copy of the database first,
/// then the files of the store that the copy names, which are kept meanwhile whatever uploads and conversions
/// do. No sweep may run. Progress in bytes. Errors: AlreadyExists, Corrupt (a stored file is missing or
/// short; named), Unsupported (PostgreSQL), Cancelled, NoSpace, Io.
[[nodiscard]] Result<void> writeBackup(const ServiceContext& context, const QString& bundle,
                                       const ProgressFunction& progress, const CancelToken& cancel);

} // namespace hublet::service
