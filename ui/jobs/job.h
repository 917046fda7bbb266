// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/base/result.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <atomic>
#include <functional>
#include <memory>

namespace hublet::service {
class Services;
}

namespace hublet::ui {

/// Work of the window that may take long: an upload from the disk, saving to it. Starts at once on a thread
/// of its own; can be watched and cancelled. Destroying it cancels the work. GUI thread only.
class Job : public QObject {
    Q_OBJECT
public:
    enum class State { Running, Done, Cancelled, Failed };

    struct Outcome {
        QString text;   ///< what came of it, a sentence
        QString folder; ///< to be shown to the user; empty: none
    };
    /// Progress in bytes.
    using Work =
        std::function<Result<Outcome>(service::Services&, const CancelToken&, const ProgressFunction&)>;

    /// `title`: what is being done, "Saving bert-tiny".
    Job(service::Services& services, const QString& title, Work work, QObject* parent = nullptr);
    ~Job() override;

    [[nodiscard]] const QString& title() const { return m_title; }
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const Outcome& outcome() const { return m_outcome; } ///< after Done
    [[nodiscard]] const QString& problem() const { return m_problem; } ///< after Failed: a sentence
    [[nodiscard]] int permille() const;                                ///< -1 while the size is unknown
    /// "118.0 MiB of 402.0 MiB, 54.2 MiB/s, 12 seconds left".
    [[nodiscard]] QString progressText() const;
    void cancel();

signals:
    void progressed();
    void ended();

private:
    struct Progress {
        std::atomic<qint64> done{0};
        std::atomic<qint64> total{0};
    };
    void end(const Result<Outcome>& result);
    void measure();

    const QString m_title;
    const CancelToken m_cancel;
    const std::shared_ptr<Progress> m_progress = std::make_shared<Progress>();
    State m_state = State::Running;
    Outcome m_outcome;
    QString m_problem;
    QTimer m_timer;
    QElapsedTimer m_sinceMeasured;
    qint64 m_measured = 0;       ///< bytes done at the last look
    double m_bytesPerSecond = 0; ///< smoothed
};

} // namespace hublet::ui
