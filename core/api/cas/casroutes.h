// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/cas/cascall.h"
#include "core/api/gate/routes.h"

#include <concepts>
#include <functional>
#include <optional>
#include <span>
#include <type_traits>
#include <variant>
#include <vector>

namespace hublet::api::cas {

/// What a caller must show before a handler runs: the argument without a default of every route. Each names
/// the kind of Call its handler gets. A Xet token is not a Hub token: neither opens the other's routes.
namespace needs {

struct Nothing {
    using CallType = Call;
};

/// A Xet token of this scope or more.
struct Token {
    using CallType = TokenCall;
    service::XetScope scope;
};

/// A signed URL: the template's {ticket}.
struct FetchUrl {
    using CallType = FetchCall;
};

} // namespace needs

template <typename T>
concept Requirement =
    std::same_as<T, needs::Nothing> || std::same_as<T, needs::Token> || std::same_as<T, needs::FetchUrl>;

template <typename F, typename Needs>
concept HandlerFor = Requirement<Needs> && std::is_invocable_r_v<Outcome, F, const typename Needs::CallType&>;

/// The routes of the CAS, relative to "/cas/<store>". A route without a requirement does not compile, neither
/// does one whose handler wants another kind of Call than its requirement makes. A GET route answers HEAD
/// too, unless one of its own stands before it. Filled before the first request, constant after.
class Routes {
public:
    /// The handler runs on the HTTP thread: memory only.
    template <Requirement Needs, HandlerFor<Needs> Handler>
    void quick(http::Method method, QByteArrayView path, Needs needs, Handler handler)
    {
        m_routes.push_back({method, RouteTemplate(path), false, needs, erase<Needs>(std::move(handler))});
    }
    /// The handler runs on the worker pool and may wait.
    template <Requirement Needs, HandlerFor<Needs> Handler>
    void waiting(http::Method method, QByteArrayView path, Needs needs, Handler handler)
    {
        m_routes.push_back({method, RouteTemplate(path), true, needs, erase<Needs>(std::move(handler))});
    }

    // For the gate.

    using AnyNeeds = std::variant<needs::Nothing, needs::Token, needs::FetchUrl>;
    struct Route {
        http::Method method;
        RouteTemplate path;
        bool waits;
        AnyNeeds needs;
        std::function<Outcome(const Call&)> handler; ///< given the CallType of `needs`, as its base
    };
    struct Found {
        const Route* route = nullptr; ///< null: none
        RouteMatch match;
        bool pathExists = false; ///< with this or another method
    };
    [[nodiscard]] Found find(http::Method method, std::span<const QByteArrayView> segments) const;

private:
    template <typename Needs, typename Handler>
    static std::function<Outcome(const Call&)> erase(Handler handler)
    {
        return [handler = std::move(handler)](const Call& call) -> Outcome {
            return handler(static_cast<const typename Needs::CallType&>(call));
        };
    }

    std::vector<Route> m_routes;
};

} // namespace hublet::api::cas
