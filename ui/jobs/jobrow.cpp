// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/jobrow.h"

#include "ui/jobs/job.h"
#include "ui/widgets/symbolicicon.h"

#include <QDesktopServices>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QStyle>
#include <QTimer>
#include <QToolButton>
#include <QUrl>

namespace hublet::ui {

namespace {

constexpr int SuccessShownMs = 10'000; ///< failures stay until they are closed

} // namespace

JobRow::JobRow(Job* job, QWidget* parent)
    : QFrame(parent), m_job(job), m_icon(new QLabel), m_title(new QLabel(job->title())),
      m_bar(new QProgressBar), m_text(new QLabel), m_show(new QToolButton), m_close(new QToolButton)
{
    job->setParent(this);
    setObjectName(QStringLiteral("job"));
    m_icon->hide();
    for (QLabel* label : {m_title, m_text})
        label->setTextFormat(Qt::PlainText);
    m_text->setObjectName(QStringLiteral("jobText"));
    m_text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_bar->setTextVisible(false);
    m_bar->setAccessibleName(job->title());
    m_bar->setFixedWidth(fontMetrics().averageCharWidth() * 28);
    m_bar->setRange(0, 1000);
    m_show->setText(tr("Show in Folder"));
    m_show->hide();
    m_close->setObjectName(QStringLiteral("jobClose"));
    m_close->setIcon(symbolicIcon(QStringLiteral("close")));
    m_close->setAutoRaise(true);

    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(12, 4, 8, 4);
    layout->setSpacing(10);
    layout->addWidget(m_icon);
    layout->addWidget(m_title);
    layout->addWidget(m_bar);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_show);
    layout->addWidget(m_close);

    connect(job, &Job::progressed, this, &JobRow::showProgress);
    connect(job, &Job::ended, this, &JobRow::showEnd);
    connect(m_close, &QToolButton::clicked, this, &JobRow::cancelOrClose);
    connect(m_show, &QToolButton::clicked, this,
            [this] { QDesktopServices::openUrl(QUrl::fromLocalFile(m_job->outcome().folder)); });
    if (isRunning())
        showProgress();
    else
        showEnd();
}

bool JobRow::isRunning() const
{
    return m_job->state() == Job::State::Running;
}

void JobRow::showProgress()
{
    const int permille = m_job->permille();
    m_bar->setRange(0, permille < 0 ? 0 : 1000);
    m_bar->setValue(permille);
    m_text->setText(m_job->progressText());
    m_close->setToolTip(tr("Cancel"));
    m_close->setAccessibleName(tr("Cancel: %1").arg(m_job->title()));
}

void JobRow::showEnd()
{
    m_bar->hide();
    m_close->setToolTip(tr("Close"));
    m_close->setAccessibleName(tr("Close: %1").arg(m_job->title()));
    QString icon = QStringLiteral("failed");
    switch (m_job->state()) {
    case Job::State::Done:
        icon = QStringLiteral("done");
        m_text->setText(m_job->outcome().text);
        m_show->setVisible(!m_job->outcome().folder.isEmpty());
        break;
    case Job::State::Cancelled:
        m_text->setText(tr("Cancelled. Nothing was kept."));
        break;
    case Job::State::Failed:
        m_text->setText(m_job->problem());
        break;
    case Job::State::Running:
        return;
    }
    m_text->setToolTip(m_text->text().toHtmlEscaped());
    const int side = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_icon->setPixmap(symbolicIcon(icon).pixmap(QSize(side, side), devicePixelRatioF()));
    m_icon->show();
    if (m_job->state() != Job::State::Failed)
        QTimer::singleShot(SuccessShownMs, this, &JobRow::closed);
}

void JobRow::cancelOrClose()
{
    if (isRunning())
        m_job->cancel();
    else
        emit closed();
}

} // namespace hublet::ui
