// SPDX-License-Identifier: Apache-2.0
#include "core/http/reply.h"

namespace hublet::http {

// Not inline: in every handler GCC 12 would take the moved-from variant for uninitialised and warn.
Reply::Reply(Response response) : m_action(std::move(response)) {}

} // namespace hublet::http
