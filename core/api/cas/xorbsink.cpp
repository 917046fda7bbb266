// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/xorbsink.h"

#include "core/api/cas/caserror.h"
#include "core/base/jsonwriter.h"

namespace hublet::api::cas {

http::Response XorbSink::finish()
{
    const auto inserted = m_upload->finish();
    if (!inserted)
        return failed(inserted.error());
    JsonWriter json;
    json.beginObject().key("was_inserted").value(*inserted).endObject();
    return http::Response::json(200, json.take());
}

http::Response XorbSink::failed(const Error& error)
{
    m_upload.reset(); // before the answer, so that whoever has it finds the staging gone
    return encodeError(error);
}

} // namespace hublet::api::cas
