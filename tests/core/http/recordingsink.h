// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/http/bodysink.h"

#include <QByteArray>

#include <atomic>
#include <limits>
#include <memory>
#include <mutex>
#include <semaphore>
#include <utility>

namespace hublet::http {

/// What happened to a RecordingSink; outlives it. Thread-safe.
struct SinkRecord {
    std::atomic<qint64> received{0}; ///< bytes
    std::atomic<int> finished{0};
    std::atomic<int> failed{0};
    std::atomic<int> aborted{0};
    std::atomic<int> alive{0};
    std::atomic<int> inside{0}; ///< calls running now
    std::atomic<bool> overlapped{false};
    std::atomic<bool> late{false}; ///< a call after the last one
    std::atomic<qsizetype> largestPiece{0};
    std::mutex mutex;
    QByteArray bytes; ///< under mutex; only with keepBytes

    [[nodiscard]] int ends() const { return finished + failed + aborted; }
    [[nodiscard]] bool isSound() const { return !overlapped && !late; }
};

/// Checks the promises of BodySink and can be made slow or failing.
class RecordingSink : public BodySink {
public:
    struct Behaviour {
        bool keepBytes = false;
        bool takeBlocks = false;                                  ///< keeps each array and leaves another one
        qint64 failAfter = std::numeric_limits<qint64>::max();    ///< bytes
        std::shared_ptr<std::counting_semaphore<>> appendPermits; ///< each append() takes one, when set
    };

    RecordingSink(std::shared_ptr<SinkRecord> record, Behaviour behaviour)
        : m_record(std::move(record)), m_behaviour(std::move(behaviour))
    {
        ++m_record->alive;
    }
    ~RecordingSink() override { --m_record->alive; }

    [[nodiscard]] Result<void> append(QByteArrayView bytes) override
    {
        const Inside inside(*m_record);
        if (m_behaviour.appendPermits)
            m_behaviour.appendPermits->acquire();
        m_record->largestPiece = std::max(m_record->largestPiece.load(), bytes.size());
        if (m_record->received + bytes.size() > m_behaviour.failAfter)
            return fail(ErrorCode::NoSpace, QStringLiteral("No space is left."));
        if (m_behaviour.keepBytes) {
            const std::lock_guard lock(m_record->mutex);
            m_record->bytes.append(bytes);
        }
        m_record->received += bytes.size();
        return {};
    }
    [[nodiscard]] Result<void> appendBlock(QByteArray& block) override
    {
        return m_behaviour.takeBlocks ? append(std::exchange(block, QByteArray("left behind")))
                                      : append(block);
    }
    [[nodiscard]] Response finish() override
    {
        const Inside inside(*m_record);
        ++m_record->finished;
        return Response::text(200, QByteArray::number(m_record->received));
    }
    [[nodiscard]] Response failed(const Error& error) override
    {
        const Inside inside(*m_record);
        ++m_record->failed;
        return Response::refusal(507, error.detail());
    }
    void abort() override
    {
        const Inside inside(*m_record);
        ++m_record->aborted;
    }

private:
    class Inside {
    public:
        explicit Inside(SinkRecord& record) : m_record(record)
        {
            if (m_record.inside++ > 0)
                m_record.overlapped = true;
            if (m_record.ends() > 0)
                m_record.late = true;
        }
        ~Inside() { --m_record.inside; }

    private:
        SinkRecord& m_record;
    };

    const std::shared_ptr<SinkRecord> m_record;
    const Behaviour m_behaviour;
};

} // namespace hublet::http
