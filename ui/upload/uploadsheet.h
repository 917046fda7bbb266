// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"

#include <QDialog>
#include <QPointer>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace hublet::service {
class Services;
}

namespace hublet::ui {

class Job;
class PlainTable;
class UploadForm;
struct UploadDraft;
class UploadPlanModel;

/// Asks where files from the disk should go and shows, while one types, what would happen to each; then
/// uploads them, with progress and a way back. Closed while the upload runs, it hands the upload over and
/// lets it go on.
class UploadSheet : public QDialog {
    Q_OBJECT
public:
    /// `repositories`: keys to choose from.
    UploadSheet(service::Services& services, const QStringList& repositories, const UploadDraft& draft,
                QWidget* parent = nullptr);
    ~UploadSheet() override;

    void done(int result) override;

signals:
    /// The upload went well; `text` says so.
    void uploaded(const QString& text);
    /// The sheet was closed while the job runs: somebody else has to own it now.
    void handedOver(hublet::ui::Job* job);

private:
    void buildTable();
    void replan();
    void showPlan();
    void refuse(const QString& problem);
    void start();
    void showProgress();
    void showEnd();
    void setRunning(bool running);

    service::Services& m_services;
    UploadPlanModel* m_plan;
    UploadForm* m_form;
    PlainTable* m_table;
    QLabel* m_summary;
    QLabel* m_problem;
    QProgressBar* m_bar;
    QPushButton* m_upload;
    QPushButton* m_cancel;
    QPushButton* m_hide;
    QTimer m_replanTimer;     ///< so that typing does not look at the disk at every key
    CancelToken m_planning;   ///< of the look under way
    quint64 m_generation = 0; ///< counts looks, to know a late answer
    QPointer<Job> m_job;
};

} // namespace hublet::ui
