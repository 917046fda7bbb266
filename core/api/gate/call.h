// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/api/gate/routetemplate.h"
#include "core/base/result.h"
#include "core/catalog/model/repository.h"
#include "core/http/limits.h"
#include "core/http/reply.h"
#include "core/http/request.h"
#include "core/service/uploads/uploads.h"

#include <QJsonObject>

#include <functional>
#include <memory>
#include <optional>

namespace hublet::service {
class Services;
}

namespace hublet::api {

/// What an error encoder has to know besides the error.
struct ErrorScene {
    bool anonymous = true;
    std::optional<PackageId> package; ///< when the request was about one
    bool challenge = false;           ///< the route answers 401 with WWW-Authenticate (DECISIONS 22)
};

/// Turns an error into the answer of one API: the only place where that API chooses status and text.
/// Thread-safe.
using ErrorEncoder = std::function<http::Response(const Error& error, const ErrorScene& scene)>;

/// Everything about one request that passed the gate. Copying costs one reference count: capture it by value
/// in work that outlives the handler. Valid as long as its http::Request, see there.
class Call {
public:
    /// What the gate found out.
    struct Context {
        const http::Request* request = nullptr;
        service::Services* services = nullptr;
        const ErrorEncoder* encodeError = nullptr;
        access::Principal principal;
        catalog::Repository repository;
        QByteArray prefix;
        qsizetype prefixSegments = 0; ///< how many segments of the path the prefix takes
        RouteMatch match;
        bool challenge = false;

        [[nodiscard]] ErrorScene scene() const;
    };
    explicit Call(std::shared_ptr<const Context> context) : d(std::move(context)) {}

    [[nodiscard]] const http::Request& request() const { return *d->request; }
    [[nodiscard]] service::Services& services() const { return *d->services; }
    [[nodiscard]] const access::Principal& principal() const { return d->principal; }
    /// The repository of the prefix, or the default one at the root. Its stored spelling.
    [[nodiscard]] const catalog::Repository& repository() const { return d->repository; }
    /// "/artifactory/api/huggingfaceml/hf-local" as the client wrote it, still percent-encoded; empty at the
    /// root.
    [[nodiscard]] const QByteArray& prefix() const { return d->prefix; }
    /// What the client has in HF_ENDPOINT: scheme, host and prefix, no slash at the end. Absolute URLs start
    /// with it.
    [[nodiscard]] QByteArray endpoint() const { return d->request->baseUrl() + d->prefix; }

    /// What {name} matched, decoded, in the template's order.
    [[nodiscard]] const QByteArray& name(qsizetype index = 0) const { return d->match.names.at(index); }
    /// What {rest} matched: decoded segments, at least one.
    [[nodiscard]] const QList<QByteArray>& rest() const { return d->match.rest; }

    /// A right on any package of this repository, for ids that come in bodies or rights that depend on them.
    /// Errors: PackageNotFound (the caller may not even read it), Unauthenticated, Forbidden.
    [[nodiscard]] Result<access::Permit> permit(access::Action action, const PackageId& id) const;

    /// The answer to an error, in this API's form. Reads the database when the package is unknown: it may
    /// have moved, and then the answer is the redirect of hub-api 3.2. So never on an HTTP thread with
    /// PackageNotFound.
    [[nodiscard]] http::Response refuse(const Error& error) const;
    /// The response, or the answer to its error.
    [[nodiscard]] http::Response answer(Result<http::Response> result) const;

    /// Runs on the worker pool with the body's object. An absent or empty body gives an empty object.
    using JsonWork = std::function<Result<http::Response>(const QJsonObject& body)>;
    /// How much a body may have, and where its work is done: see http::Reply::Gathering.
    struct BodyRule {
        qint64 maxBytes = http::limits::kJsonBodyBytes;
        std::shared_ptr<WorkerLane> lane = nullptr;
    };
    /// Reads a JSON body of bounded length, depth and size (reliability 2.1), then runs `work`. Anything else
    /// than one JSON object is answered with Malformed.
    [[nodiscard]] http::Reply readJson(const BodyRule& rule, JsonWork work) const;
    [[nodiscard]] http::Reply readJson(JsonWork work) const { return readJson({}, std::move(work)); }
    /// The same for bodies that may also be a form: `work` gets the bytes.
    using BytesWork = std::function<Result<http::Response>(const QByteArray& body)>;
    [[nodiscard]] http::Reply readBody(const BodyRule& rule, BytesWork work) const;

protected:
    std::shared_ptr<const Context> d;
};

/// The principal is a known user.
class LoginCall : public Call {
public:
    using Call::Call;
};

/// The principal has a right on one package (which need not exist: services find that out).
class PackageCall : public Call {
public:
    PackageCall(std::shared_ptr<const Context> context, PackageId id, access::Permit permit)
        : Call(std::move(context)), m_id(std::move(id)), m_permit(std::move(permit))
    {
    }
    /// In the client's spelling; answers use the spelling of catalog::Package.
    [[nodiscard]] const PackageId& id() const { return m_id; }
    /// The right that the route asks for.
    [[nodiscard]] const access::Permit& permit() const { return m_permit; }
    /// Another right on the same package, or on another one. Errors as Call::permit.
    [[nodiscard]] Result<access::Permit> permit(access::Action action) const
    {
        return Call::permit(action, m_id);
    }
    using Call::permit;

private:
    PackageId m_id;
    access::Permit m_permit;
};

/// The principal has a right on the repository as a whole.
class RepositoryCall : public Call {
public:
    RepositoryCall(std::shared_ptr<const Context> context, access::Permit permit)
        : Call(std::move(context)), m_permit(std::move(permit))
    {
    }
    [[nodiscard]] const access::Permit& permit() const { return m_permit; }
    using Call::permit;

private:
    access::Permit m_permit;
};

/// The caller came with an upload URL that this server signed and that has not expired.
class TicketCall : public Call {
public:
    TicketCall(std::shared_ptr<const Context> context, service::UploadTicket ticket)
        : Call(std::move(context)), m_ticket(std::move(ticket))
    {
    }
    [[nodiscard]] const service::UploadTicket& ticket() const { return m_ticket; }

private:
    service::UploadTicket m_ticket;
};

/// The principal is an administrator.
class AdminCall : public Call {
public:
    AdminCall(std::shared_ptr<const Context> context, access::AdminPermit permit)
        : Call(std::move(context)), m_permit(std::move(permit))
    {
    }
    [[nodiscard]] const access::AdminPermit& adminPermit() const { return m_permit; }

private:
    access::AdminPermit m_permit;
};

} // namespace hublet::api
