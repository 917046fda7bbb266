// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/objectsink.h"

namespace hublet::api {

ObjectSink::ObjectSink(const Call& call, std::unique_ptr<service::ObjectUpload> upload)
    : m_call(call), m_upload(std::move(upload))
{
}

http::Response ObjectSink::finish()
{
    const auto etag = m_upload->finish();
    if (!etag)
        return failed(etag.error());
    http::Response response = http::Response::empty(200);
    if (!etag->isEmpty())
        response.setHeader("ETag", '"' + *etag + '"');
    return response;
}

http::Response ObjectSink::failed(const Error& error)
{
    m_upload.reset(); // before the answer, so that whoever has it finds the staging gone
    return m_call.refuse(error);
}

} // namespace hublet::api
