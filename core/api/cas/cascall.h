// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/api/gate/routetemplate.h"
#include "core/http/request.h"
#include "core/service/services.h"

namespace hublet::api::cas {

/// Everything about one CAS request that passed the gate. Copying costs one reference count: capture it by
/// value in work that outlives the handler. Valid as long as its http::Request, see there.
class Call {
public:
    struct Context {
        const http::Request* request = nullptr;
        service::Services* services = nullptr;
        QByteArray base; ///< "http://host:port/cas/<store>": what URLs of other CAS routes start with
        RouteMatch match;
    };
    explicit Call(std::shared_ptr<const Context> context) : d(std::move(context)) {}

    [[nodiscard]] const http::Request& request() const { return *d->request; }
    [[nodiscard]] service::Services& services() const { return *d->services; }
    [[nodiscard]] service::Xet& xet() const { return d->services->xet(); }
    [[nodiscard]] const QByteArray& base() const { return d->base; }
    /// What {name} matched, decoded, in the template's order.
    [[nodiscard]] const QByteArray& name(qsizetype index = 0) const { return d->match.names.at(index); }

protected:
    std::shared_ptr<const Context> d;
};

/// The caller came with a Xet token.
class TokenCall : public Call {
public:
    TokenCall(std::shared_ptr<const Context> context, access::Permit permit)
        : Call(std::move(context)), m_permit(std::move(permit))
    {
    }
    /// The right on the token's package: Write for a write token, else Read.
    [[nodiscard]] const access::Permit& permit() const { return m_permit; }

private:
    access::Permit m_permit;
};

/// The caller came with a fetch URL that this server signed and that is still good.
class FetchCall : public Call {
public:
    FetchCall(std::shared_ptr<const Context> context, service::XetFetch fetch)
        : Call(std::move(context)), m_fetch(fetch)
    {
    }
    [[nodiscard]] const service::XetFetch& fetch() const { return m_fetch; }

private:
    service::XetFetch m_fetch;
};

} // namespace hublet::api::cas
