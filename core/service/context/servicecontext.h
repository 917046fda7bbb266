// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"

#include <QStringList>

namespace hublet::db {
class Database;
}
namespace hublet::store {
class ContentStore;
}
namespace hublet::access {
class Directory;
class Policy;
} // namespace hublet::access
namespace hublet::catalog {
class Catalog;
class ClaimWriter;
class CommitWriter;
class DiscussionWriter;
class PackageWriter;
class RefWriter;
class RepositoryWriter;
} // namespace hublet::catalog

namespace hublet::service {

class DataFolder;
class EventBus;
class RepositoryClasses;
class Settings;
class Transfers;

/// What the services stand on: references to what Services owns, which outlives them. Everything here is
/// thread-safe.
struct ServiceContext {
    const Clock& clock;
    const DataFolder& dataFolder;
    Settings& settings;
    db::Database& database;
    store::ContentStore& store;
    access::Directory& directory;
    const access::Policy& policy;
    RepositoryClasses& repositoryClasses;
    catalog::Catalog& catalog;
    catalog::RepositoryWriter& repositoryWriter;
    catalog::PackageWriter& packageWriter;
    catalog::CommitWriter& commitWriter;
    catalog::RefWriter& refWriter;
    catalog::DiscussionWriter& discussionWriter;
    catalog::ClaimWriter& claimWriter;
    EventBus& events;
    Transfers& transfers;
    const QStringList& warnings; ///< sentences for the administrator, from start-up
};

} // namespace hublet::service
