// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/repositorycache.h"
#include "core/api/gate/routes.h"

#include <memory>
#include <mutex>
#include <optional>

namespace hublet::api {

/// The one gate in front of every route: path to route, repository, credential to principal, policy to
/// permit, and only then the handler (reliability 4.2). Thread-safe; must outlive the server whose dispatch
/// function it is.
class Gate {
public:
    /// `services` must outlive the gate.
    Gate(service::Services& services, Routes routes, ErrorEncoder encodeError);
    ~Gate();

    /// http::Server's dispatch function: never waits.
    [[nodiscard]] http::Reply dispatch(const http::Request& request) const;

    /// The repository that is served at the root (DECISIONS 27); nothing: none.
    void setDefaultRepository(std::optional<RepositoryKey> key);

private:
    /// Where a request wants to go: its repository's prefix, and the segments after it.
    struct Target;
    [[nodiscard]] Target targetOf(const http::Request& request) const;
    /// Takes {id} for `idSegments` segments; what is not found that way is looked for with one segment:
    /// "gpt2/refs" is a package first, then the refs of "gpt2".
    [[nodiscard]] http::Reply enter(const http::Request& request, const Target& target, int idSegments) const;
    [[nodiscard]] bool hasOtherReading(const http::Request& request, const Target& target, int idSegments,
                                       const Error& error) const;
    [[nodiscard]] Result<access::Principal> identify(const http::Request& request,
                                                     const Routes::Route& route) const;
    [[nodiscard]] Result<std::shared_ptr<const Call>> admit(const http::Request& request,
                                                            const Target& target, const Routes::Found& found,
                                                            access::Principal principal) const;
    [[nodiscard]] http::Reply unknownRoute(const http::Request& request, const Target& target) const;

    service::Services& m_services;
    const Routes m_routes;
    const ErrorEncoder m_encodeError;
    mutable RepositoryCache m_repositories;
    mutable std::mutex m_mutex;
    std::optional<RepositoryKey> m_defaultRepository;
};

} // namespace hublet::api
