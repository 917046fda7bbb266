// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/action.h"

#include <concepts>

namespace hublet::api {

class Call;
class LoginCall;
class PackageCall;
class RepositoryCall;
class TicketCall;
class AdminCall;

/// What a caller must show before a handler runs: the argument without a default of every route. Each names
/// the kind of Call its handler gets, so a handler that wants a Permit cannot be registered on a route that
/// does not ask for one.
namespace needs {

/// Anybody who may do anything in the repository, also without a credential. A wrong one is refused all the
/// same.
struct Nothing {
    using CallType = Call;
};

/// Any known user who may do anything in the repository.
struct Login {
    using CallType = LoginCall;
};

/// A right on the package that the template's {id} names. Who may not read it is told that it does not exist.
struct Package {
    using CallType = PackageCall;
    access::Action action;
};

/// A right on the repository as a whole; for Read a right on anything in it is enough.
struct Repository {
    using CallType = RepositoryCall;
    access::Action action;
};

/// A signed upload URL: the template's {ticket} (DECISIONS 32). Credentials are not looked at.
struct Ticket {
    using CallType = TicketCall;
};

/// An administrator.
struct Admin {
    using CallType = AdminCall;
};

} // namespace needs

template <typename T>
concept Requirement =
    std::same_as<T, needs::Nothing> || std::same_as<T, needs::Login> || std::same_as<T, needs::Package> ||
    std::same_as<T, needs::Repository> || std::same_as<T, needs::Ticket> || std::same_as<T, needs::Admin>;

} // namespace hublet::api
