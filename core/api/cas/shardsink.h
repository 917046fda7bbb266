// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/bodysink.h"
#include "core/service/xet/xet.h"

#include <memory>
#include <optional>

namespace hublet::api::cas {

/// Takes the body of one shard, and answers when its files are known (xet.md 6.8). That may take minutes, so
/// it happens on threads of Xet's own; a client that goes away ends it.
class ShardSink : public http::BodySink {
public:
    enum class Answer {
        Json,   ///< one object at the end
        Frames, ///< lines of JSON while the contents are hashed, so that no proxy takes the silence for an
                ///< end
    };
    /// `xet` must outlive the server.
    ShardSink(service::Xet& xet, std::unique_ptr<service::ShardUpload> shard, Answer answer)
        : m_xet(xet), m_shard(std::move(shard)), m_answer(answer)
    {
    }

    [[nodiscard]] Result<void> append(QByteArrayView bytes) override { return m_shard->append(bytes); }
    [[nodiscard]] std::optional<http::Response> finishLater(const http::LateAnswer& later,
                                                            const CancelToken& gone) override;
    [[nodiscard]] http::Response failed(const Error& error) override;
    void abort() override { m_shard.reset(); }

private:
    /// Not called: finishLater() does not.
    [[nodiscard]] http::Response finish() override
    {
        return failed(Error(ErrorCode::Internal, QStringLiteral("A shard was not registered")));
    }
    [[nodiscard]] http::Response answerWithFrames(const CancelToken& gone);

    service::Xet& m_xet;
    std::unique_ptr<service::ShardUpload> m_shard;
    const Answer m_answer;
};

} // namespace hublet::api::cas
