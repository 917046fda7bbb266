// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/gate/call.h"
#include "core/api/gate/needs.h"
#include "core/api/gate/routetemplate.h"
#include "core/http/method.h"

#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

namespace hublet::api {

/// What a handler gives back: an answer, more work (Reply::later, Call::readJson, Reply::stream), or an error
/// that the gate turns into the API's answer.
using Outcome = Result<http::Reply>;
/// The answer when it can be had from memory alone, else nothing.
using QuickOutcome = std::optional<http::Response>;

template <typename F, typename Needs>
concept HandlerFor = Requirement<Needs> && std::is_invocable_r_v<Outcome, F, const typename Needs::CallType&>;
template <typename F, typename Needs>
concept QuickHandlerFor =
    Requirement<Needs> && std::is_invocable_r_v<QuickOutcome, F, const typename Needs::CallType&>;

/// The routes of one API: method, template, what the caller must show, handler. A route without a requirement
/// does not compile, neither does one whose handler wants another kind of Call than its requirement makes.
/// Templates are relative to the repository's prefix. A GET route answers HEAD too. Filled before the first
/// request, constant after.
///
///     routes.waiting(Method::Get, "/api/{type}/{id}/refs", needs::Package{Action::Read},
///                    [](const PackageCall& call) -> Outcome { ... });
class Routes {
public:
    /// The handler runs on the HTTP thread: it may touch memory only, never the database, a file or a lock
    /// held for long.
    template <Requirement Needs, HandlerFor<Needs> Handler>
    void quick(http::Method method, QByteArrayView path, Needs needs, Handler handler)
    {
        add(method, path, Runs::Quick, erase<Needs>(needs, std::move(handler)));
    }
    /// The handler runs on the worker pool and may wait.
    template <Requirement Needs, HandlerFor<Needs> Handler>
    void waiting(http::Method method, QByteArrayView path, Needs needs, Handler handler)
    {
        add(method, path, Runs::Waiting, erase<Needs>(needs, std::move(handler)));
    }
    /// `first` runs on the HTTP thread (memory only); when it has no answer, `handler` runs on the worker
    /// pool.
    template <Requirement Needs, QuickHandlerFor<Needs> First, HandlerFor<Needs> Handler>
    void quickElseWaiting(http::Method method, QByteArrayView path, Needs needs, First first, Handler handler)
    {
        Door door = erase<Needs>(needs, std::move(handler));
        door.first = [first = std::move(first)](const Call& call) {
            return first(static_cast<const typename Needs::CallType&>(call));
        };
        add(method, path, Runs::Waiting, std::move(door));
    }
    /// Answers 401 on the routes added last and next with WWW-Authenticate or without (DECISIONS 22); without
    /// by default.
    void setChallenge(bool challenge) { m_challenge = challenge; }

    // For the gate.

    enum class Runs { Quick, Waiting };
    using AnyNeeds = std::variant<needs::Nothing, needs::Login, needs::Package, needs::Repository,
                                  needs::Ticket, needs::Admin>;
    struct Door {
        AnyNeeds needs;
        std::function<Outcome(const Call&)> handler; ///< given the CallType of `needs`, as its base
        std::function<QuickOutcome(const Call&)> first;
    };
    struct Route {
        http::Method method;
        RouteTemplate path;
        Runs runs;
        bool challenge;
        Door door;
    };
    struct Found {
        const Route* route = nullptr; ///< null: none
        RouteMatch match;
    };
    /// The first route, in the order they were added, that takes this path and method; {id} takes
    /// `idSegments` segments.
    [[nodiscard]] Found find(http::Method method, std::span<const QByteArrayView> segments,
                             int idSegments) const;
    /// The methods that some route takes this path with.
    [[nodiscard]] QList<http::Method> methodsOf(std::span<const QByteArrayView> segments) const;
    [[nodiscard]] const std::vector<Route>& all() const { return m_routes; }

private:
    template <typename Needs, typename Handler>
    static Door erase(Needs needs, Handler handler)
    {
        return Door{needs,
                    [handler = std::move(handler)](const Call& call) -> Outcome {
                        return handler(static_cast<const typename Needs::CallType&>(call));
                    },
                    {}};
    }
    void add(http::Method method, QByteArrayView path, Runs runs, Door door);

    std::vector<Route> m_routes;
    bool m_challenge = false;
};

} // namespace hublet::api
