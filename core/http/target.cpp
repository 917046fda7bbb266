// SPDX-License-Identifier: Apache-2.0
#include "core/http/target.h"

#include "core/http/percent.h"

namespace hublet::http {

namespace {

bool takeScheme(QByteArrayView& rest, QByteArrayView scheme)
{
    if (rest.size() < scheme.size() || rest.first(scheme.size()).compare(scheme, Qt::CaseInsensitive) != 0)
        return false;
    rest = rest.sliced(scheme.size());
    return true;
}

} // namespace

std::optional<Target> parseTarget(QByteArrayView raw)
{
    if (raw.isEmpty() || !isCleanTarget(raw) || raw.contains('#'))
        return std::nullopt;
    Target target;
    QByteArrayView rest = raw;
    if (rest == "*") {
        target.path = rest;
        return target;
    }
    if (!rest.startsWith('/')) {
        if (!takeScheme(rest, "http://") && !takeScheme(rest, "https://"))
            return std::nullopt;
        qsizetype end = 0;
        while (end < rest.size() && rest[end] != '/' && rest[end] != '?')
            ++end;
        target.authority = rest.first(end);
        rest = rest.sliced(end);
        if (target.authority.isEmpty())
            return std::nullopt;
    }
    const qsizetype question = rest.indexOf('?');
    target.path = question < 0 ? rest : rest.first(question);
    if (question >= 0)
        target.query = rest.sliced(question + 1);
    if (target.path.isEmpty())
        target.path = "/"; // "http://host" and "http://host?query" (RFC 9112 3.2.2)
    return target;
}

std::vector<QByteArrayView> decodeSegments(QByteArrayView path, QByteArray& storage)
{
    // Decoding never lengthens, so that after this reservation the views stay valid while more is appended.
    storage.clear();
    storage.reserve(path.size());
    std::vector<QByteArrayView> segments;
    for (qsizetype begin = 0; begin < path.size();) {
        if (path[begin] == '/') {
            ++begin;
            continue;
        }
        const qsizetype slash = path.indexOf('/', begin);
        const qsizetype end = slash < 0 ? path.size() : slash;
        const qsizetype offset = storage.size();
        appendDecoded(storage, path.sliced(begin, end - begin));
        segments.push_back(QByteArrayView(storage.constData() + offset, storage.size() - offset));
        begin = end;
    }
    return segments;
}

} // namespace hublet::http
