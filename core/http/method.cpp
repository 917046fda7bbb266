// SPDX-License-Identifier: Apache-2.0
#include "core/http/method.h"

#include <array>

namespace hublet::http {

namespace {

struct Name {
    Method method;
    QByteArrayView text;
};

constexpr std::array kNames = {
    Name{Method::Get, "GET"},         Name{Method::Head, "HEAD"},     Name{Method::Post, "POST"},
    Name{Method::Put, "PUT"},         Name{Method::Delete, "DELETE"}, Name{Method::Patch, "PATCH"},
    Name{Method::Options, "OPTIONS"},
};

} // namespace

QByteArrayView methodName(Method method)
{
    return kNames[static_cast<std::size_t>(method)].text;
}

std::optional<Method> methodFromName(QByteArrayView name)
{
    for (const Name& known : kNames) {
        if (known.text == name)
            return known.method;
    }
    return std::nullopt;
}

bool isSafe(Method method)
{
    return method == Method::Get || method == Method::Head || method == Method::Options;
}

} // namespace hublet::http
