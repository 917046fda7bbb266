// SPDX-License-Identifier: Apache-2.0
#include "ui/upload/uploadsheet.h"

#include "core/base/humanformat.h"
#include "core/service/services.h"
#include "ui/jobs/job.h"
#include "ui/owner.h"
#include "ui/upload/uploadform.h"
#include "ui/upload/uploadplanmodel.h"
#include "ui/whendone.h"
#include "ui/widgets/plaintable.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace hublet::ui {

namespace {

using Change = service::PlannedFile::Change;

constexpr int ReplanDelayMs = 300;

} // namespace

UploadSheet::UploadSheet(service::Services& services, const QStringList& repositories,
                         const UploadDraft& draft, QWidget* parent)
    : QDialog(parent), m_services(services), m_plan(new UploadPlanModel(this)),
      m_form(new UploadForm(services, repositories, draft)), m_table(new PlainTable), m_summary(new QLabel),
      m_problem(new QLabel), m_bar(new QProgressBar)
{
    setWindowTitle(tr("Upload"));
    setObjectName(QStringLiteral("uploadSheet"));
    connect(m_form, &UploadForm::changed, &m_replanTimer, qOverload<>(&QTimer::start));
    connect(m_form, &UploadForm::messageChanged, this, &UploadSheet::showPlan);
    buildTable();
    for (QLabel* label : {m_summary, m_problem}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }
    m_summary->setObjectName(QStringLiteral("uploadSummary"));
    m_problem->setObjectName(QStringLiteral("problem"));
    m_table->setTextElideMode(Qt::ElideMiddle); // a path says most at its ends
    m_bar->setRange(0, 1000);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(tr("Progress of the upload"));
    m_bar->hide();

    auto* buttons = new QDialogButtonBox;
    m_hide = buttons->addButton(tr("Go On in Background"), QDialogButtonBox::ActionRole);
    m_cancel = buttons->addButton(QDialogButtonBox::Cancel);
    m_upload = buttons->addButton(tr("Upload"), QDialogButtonBox::AcceptRole);
    m_upload->setObjectName(QStringLiteral("uploadButton"));
    m_cancel->setObjectName(QStringLiteral("uploadCancel"));
    m_hide->setObjectName(QStringLiteral("uploadHide"));
    m_upload->setDefault(true);
    connect(m_upload, &QPushButton::clicked, this, &UploadSheet::start);
    connect(m_hide, &QPushButton::clicked, this, &QDialog::reject);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_job ? m_job->cancel() : reject(); });

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(m_form);
    layout->addWidget(m_table, 1);
    layout->addWidget(m_summary);
    layout->addWidget(m_bar);
    layout->addWidget(m_problem);
    layout->addWidget(buttons);
    resize(fontMetrics().averageCharWidth() * 100, fontMetrics().lineSpacing() * 32);

    m_replanTimer.setSingleShot(true);
    m_replanTimer.setInterval(ReplanDelayMs);
    connect(&m_replanTimer, &QTimer::timeout, this, &UploadSheet::replan);
    setRunning(false);
    replan();
}

UploadSheet::~UploadSheet()
{
    m_planning.cancel();
}

void UploadSheet::done(int result)
{
    m_planning.cancel();
    if (m_job && m_job->state() == Job::State::Running) {
        Job* job = m_job;
        job->disconnect(this);
        job->setParent(nullptr);
        m_job.clear();
        emit handedOver(job);
    }
    QDialog::done(result);
}

void UploadSheet::buildTable()
{
    m_table->setObjectName(QStringLiteral("uploadFiles"));
    m_table->setAccessibleName(tr("Files to upload"));
    m_table->setModelStretching(m_plan, UploadPlanModel::PathColumn);
    m_table->setFrameShape(QFrame::StyledPanel);
}

void UploadSheet::replan()
{
    m_planning.cancel();
    m_planning = CancelToken();
    ++m_generation;
    const auto key = m_form->repositoryKey();
    const auto wanted = m_form->request();
    if (!key || !wanted) {
        m_plan->clear();
        refuse(!wanted ? wanted.error().detail() : key.error().detail());
        return;
    }
    m_problem->clear();
    m_upload->setEnabled(false);
    m_summary->setText(tr("Looking at the files…"));
    using Plan = Result<service::UploadPlan>;
    whenDone(m_services.runLong([key = *key, wanted = *wanted,
                                 cancel = m_planning](service::Services& services) -> Plan {
        const auto allowed = permit(services, access::Action::Write, key, wanted.id.artifactPath());
        if (!allowed)
            return forward(allowed);
        return services.diskTransfers().plan(*allowed, wanted, cancel);
    }),
             this, [this, generation = m_generation](Plan plan) {
                 if (generation != m_generation)
                     return;
                 if (!plan) {
                     m_plan->clear();
                     refuse(plan.error().detail());
                     return;
                 }
                 m_plan->setPlan(std::move(*plan));
                 showPlan();
             });
}

void UploadSheet::refuse(const QString& problem)
{
    m_summary->clear();
    m_problem->setText(problem);
    m_upload->setEnabled(false);
}

void UploadSheet::showPlan()
{
    const service::UploadPlan* plan = m_plan->plan();
    if (!plan || m_job)
        return;
    QStringList parts;
    const auto tell = [&](Change change, const QString& text) {
        if (plan->count(change) > 0)
            parts.append(text);
    };
    const auto count = [&](Change change) { return int(plan->count(change)); };
    tell(Change::New, tr("%n new", nullptr, count(Change::New)));
    tell(Change::Changed, tr("%n replaced", nullptr, count(Change::Changed)));
    tell(Change::Same, tr("%n already there", nullptr, count(Change::Same)));
    tell(Change::Refused, tr("%n left out", nullptr, count(Change::Refused)));
    const int going = count(Change::New) + count(Change::Changed);
    if (going > 0)
        parts.append(tr("%1 to upload").arg(humanSize(plan->bytesToUpload())));
    m_summary->setText(parts.isEmpty() ? tr("There are no files in it.")
                                       : parts.join(QStringLiteral("  ·  ")));
    m_problem->clear();
    if (going == 0 && !plan->files.empty())
        m_problem->setText(tr("Everything is there already."));
    else if (going > 0 && m_form->message().isEmpty())
        m_problem->setText(tr("Say in the commit message what this upload is."));
    m_upload->setEnabled(going > 0 && m_problem->text().isEmpty());
}

void UploadSheet::start()
{
    const auto key = m_form->repositoryKey();
    if (!key || !m_plan->plan() || m_replanTimer.isActive())
        return;
    const service::UploadPlan plan = *m_plan->plan();
    const QString message = m_form->message();
    const QString target = plan.request.id.id();
    m_job = new Job(
        m_services, tr("Uploading to %1").arg(target),
        [key = *key, plan, message, target](service::Services& services, const CancelToken& cancel,
                                            const ProgressFunction& progress) -> Result<Job::Outcome> {
            const auto allowed = permit(services, access::Action::Write, key, plan.request.id.artifactPath());
            if (!allowed)
                return forward(allowed);
            const auto commit = services.diskTransfers().upload(*allowed, plan, message, cancel, progress);
            if (!commit)
                return forward(commit);
            return Job::Outcome{
                tr("Uploaded to %1 at %2 as commit %3.")
                    .arg(target, plan.request.revision, QString::fromLatin1(commit->oid.toHex().left(8))),
                {}};
        },
        this);
    connect(m_job, &Job::progressed, this, &UploadSheet::showProgress);
    connect(m_job, &Job::ended, this, &UploadSheet::showEnd);
    m_problem->clear();
    setRunning(true);
    showProgress();
}

void UploadSheet::showProgress()
{
    const int permille = m_job->permille();
    m_bar->setRange(0, permille < 0 ? 0 : 1000);
    m_bar->setValue(permille);
    m_summary->setText(m_job->progressText());
}

void UploadSheet::showEnd()
{
    Job* job = m_job;
    m_job.clear();
    job->deleteLater();
    setRunning(false);
    if (job->state() == Job::State::Done) {
        emit uploaded(job->outcome().text);
        accept();
        return;
    }
    showPlan();
    m_problem->setText(job->state() == Job::State::Cancelled ? tr("Cancelled. Nothing was kept.")
                                                             : job->problem());
}

void UploadSheet::setRunning(bool running)
{
    m_form->setEnabled(!running);
    m_bar->setVisible(running);
    m_hide->setVisible(running);
    m_upload->setVisible(!running);
    m_cancel->setText(running ? tr("Cancel Upload") : tr("Cancel"));
}

} // namespace hublet::ui
