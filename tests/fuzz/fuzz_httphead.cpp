// SPDX-License-Identifier: Apache-2.0
// The head of a request: "METHOD target VERSION" and header lines, split on LF.
#include "core/http/requestbuilder.h"

#include <QByteArray>
#include <QList>

#include <cstdint>
#include <cstdlib>

namespace {

using namespace hublet::http;

RequestPolicy policy()
{
    RequestPolicy policy;
    policy.port = 8082;
    policy.allowedHosts = {"hub.example", "[fd00::1]:80"};
    policy.allowedOrigins = {"https://hub.example"};
    policy.proxies = {"127.0.0.1"};
    return policy;
}

void require(bool condition)
{
    if (!condition)
        std::abort();
}

void checkPromises(const Request& request, QByteArrayView target)
{
    qsizetype decoded = 0;
    for (const QByteArrayView segment : request.segments()) {
        require(!segment.isEmpty() && !segment.contains('\0'));
        decoded += segment.size();
    }
    require(decoded <= request.rawPath().size());
    require(target.contains(request.rawPath()) || request.rawPath() == "/");
    require(request.rawPath().startsWith('/') || request.rawPath() == "*");
    require(request.contentLength() >= -1);
    require(request.scheme() == "http" || request.scheme() == "https");
    require(!request.host().isEmpty());
    request.query().forEach([&request](const QString& key, const QString&) {
        if (!key.isEmpty() && key.toUtf8() == key.toUtf8().toLower())
            static_cast<void>(request.values(key.toUtf8()));
    });
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const RequestPolicy kPolicy = policy();
    const QList<QByteArray> lines =
        QByteArray(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)).split('\n');
    const QByteArray& requestLine = lines.first();
    const qsizetype first = requestLine.indexOf(' ');
    const qsizetype last = requestLine.lastIndexOf(' ');
    if (first < 0 || last == first)
        return 0;
    const QByteArray target = requestLine.sliced(first + 1, last - first - 1);
    RequestHead head{
        QByteArrayView(requestLine).first(first), target, QByteArrayView(requestLine).sliced(last + 1), {}};
    for (const QByteArray& line : lines.sliced(1)) {
        const QByteArrayView view(line);
        const qsizetype colon = view.indexOf(':');
        if (colon >= 0)
            head.headers.push_back({view.first(colon), view.sliced(colon + 1).trimmed()});
    }
    Request request;
    OriginVerdict origin = OriginVerdict::Plain;
    if (!RequestBuilder::build(std::move(head), {kPolicy, "127.0.0.1", "id"}, request, origin))
        checkPromises(request, target);
    return 0;
}
