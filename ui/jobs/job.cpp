// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/job.h"

#include "core/base/humanformat.h"
#include "core/service/services.h"
#include "ui/whendone.h"
#include "ui/widgets/timetext.h"

namespace hublet::ui {

namespace {

constexpr int LookMs = 250;
constexpr double Smoothing = 0.2; ///< weight of the newest measurement of the rate

} // namespace

Job::Job(service::Services& services, const QString& title, Work work, QObject* parent)
    : QObject(parent), m_title(title)
{
    m_sinceMeasured.start();
    m_timer.setInterval(LookMs);
    connect(&m_timer, &QTimer::timeout, this, &Job::measure);
    m_timer.start();
    whenDone(services.runLong([work = std::move(work), cancel = m_cancel,
                               progress = m_progress](service::Services& services) -> Result<Outcome> {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("Cancelled before it started"));
        return work(services, cancel, [progress](qint64 done, qint64 total) {
            progress->done.store(done, std::memory_order_relaxed);
            progress->total.store(total, std::memory_order_relaxed);
        });
    }),
             this, [this](const Result<Outcome>& result) { end(result); });
}

Job::~Job()
{
    m_cancel.cancel();
}

int Job::permille() const
{
    const qint64 total = m_progress->total.load(std::memory_order_relaxed);
    if (m_state == State::Done)
        return 1000;
    return total > 0 ? int(1000 * m_progress->done.load(std::memory_order_relaxed) / total) : -1;
}

QString Job::progressText() const
{
    const qint64 done = m_progress->done.load(std::memory_order_relaxed);
    const qint64 total = m_progress->total.load(std::memory_order_relaxed);
    if (m_cancel.isCancelled())
        return tr("Cancelling…");
    if (total <= 0)
        return tr("Preparing…");
    if (done >= total)
        return tr("%1, finishing…").arg(humanSize(total));
    QString text = tr("%1 of %2").arg(humanSize(done), humanSize(total));
    if (m_bytesPerSecond >= 1) {
        text += tr(", %1/s").arg(humanSize(qint64(m_bytesPerSecond)));
        text += tr(", %1 left").arg(duration(qint64(1000 * double(total - done) / m_bytesPerSecond)));
    }
    return text;
}

void Job::cancel()
{
    m_cancel.cancel();
    emit progressed();
}

void Job::measure()
{
    const qint64 done = m_progress->done.load(std::memory_order_relaxed);
    const double seconds = double(std::max<qint64>(1, m_sinceMeasured.restart())) / 1000;
    const double now = double(done - m_measured) / seconds;
    m_bytesPerSecond = m_measured == 0 ? now : (1 - Smoothing) * m_bytesPerSecond + Smoothing * now;
    m_measured = done;
    emit progressed();
}

void Job::end(const Result<Outcome>& result)
{
    m_timer.stop();
    if (result) {
        m_state = State::Done;
        m_outcome = *result;
    } else if (result.error().code() == ErrorCode::Cancelled) {
        m_state = State::Cancelled;
    } else {
        m_state = State::Failed;
        m_problem = result.error().detail();
    }
    emit ended();
}

} // namespace hublet::ui
