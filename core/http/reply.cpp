// SPDX-License-Identifier: Apache-2.0
#include "core/http/reply.h"

#include "core/http/collectingsink.h"

namespace hublet::http {

// Not inline: in every handler GCC 12 would take the moved-from variant for uninitialised and warn.
Reply::Reply(Response response) : m_action(std::move(response)) {}

Reply Reply::readBody(qint64 maxBytes, BodyWork work)
{
    Reply reply = stream(std::make_unique<CollectingSink>(maxBytes, std::move(work)));
    reply.m_maxBodyBytes = maxBytes;
    return reply;
}

} // namespace hublet::http
