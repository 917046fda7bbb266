// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QFrame>

class QLabel;
class QProgressBar;
class QToolButton;

namespace hublet::ui {

class Job;

/// One job of the JobBar: what, how far, how long still, and a way to stop it; then what came of it. Owns the
/// job.
class JobRow : public QFrame {
    Q_OBJECT
public:
    explicit JobRow(Job* job, QWidget* parent = nullptr);

    [[nodiscard]] bool isRunning() const;

signals:
    /// The row has nothing more to say.
    void closed();

private:
    void showProgress();
    void showEnd();
    void cancelOrClose();

    Job* m_job;
    QLabel* m_icon;
    QLabel* m_title;
    QProgressBar* m_bar;
    QLabel* m_text;
    QToolButton* m_show;
    QToolButton* m_close;
};

} // namespace hublet::ui
