// SPDX-License-Identifier: Apache-2.0
#include "ui/details/conversionrow.h"

#include "core/base/humanformat.h"
#include "core/service/services.h"
#include "ui/owner.h"
#include "ui/widgets/sizetext.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>

#include <algorithm>
#include <optional>
#include <utility>

namespace hublet::ui {

namespace {

using service::TransferDirection;
using service::TransferInfo;

constexpr int PollMs = 500;
constexpr int BarSteps = 1000;
constexpr int BarCharacters = 24;        ///< width
constexpr qint64 FileBytes = 256 * 1024; ///< that take as long as beginning and ending a file

/// The newest conversion of the repository, running or not.
std::optional<TransferInfo> lastConversion(service::Services& services, const RepositoryKey& key)
{
    for (TransferInfo& transfer : services.transfers().snapshot()) {
        if (transfer.direction == TransferDirection::Conversion && transfer.repository == key.text())
            return std::move(transfer);
    }
    return std::nullopt;
}

/// 0 to 1. A file costs time of its own besides its bytes: many small ones are not done in no time.
double shareDone(const TransferInfo& conversion)
{
    const auto work = [](qint64 bytes, qint64 files) {
        return double(bytes) + double(FileBytes) * double(std::max<qint64>(0, files));
    };
    return std::min(1.0, work(conversion.done, conversion.doneFiles) /
                             std::max(1.0, work(conversion.total, conversion.totalFiles)));
}

QString progressToolTip(const TransferInfo& conversion)
{
    const QString bytes =
        ConversionRow::tr("%1 of %2").arg(exactSize(conversion.done), exactSize(conversion.total));
    if (conversion.totalFiles < 0)
        return bytes;
    return bytes + u'\n' +
           ConversionRow::tr("Files: %1 of %2")
               .arg(QLocale().toString(conversion.doneFiles), QLocale().toString(conversion.totalFiles));
}

} // namespace

ConversionRow::ConversionRow(service::Services& services, QWidget* parent)
    : QWidget(parent), m_services(services), m_bar(new QProgressBar), m_text(new QLabel),
      m_button(new QPushButton)
{
    setObjectName(QStringLiteral("conversion"));
    m_bar->setAccessibleName(tr("Conversion"));
    m_bar->setTextVisible(false);
    m_bar->setFixedWidth(fontMetrics().averageCharWidth() * BarCharacters);
    m_text->setObjectName(QStringLiteral("conversionText"));
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_button->setObjectName(QStringLiteral("conversionButton"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 4, 0, 4);
    layout->setSpacing(10);
    layout->addWidget(m_bar);
    layout->addWidget(m_button);
    layout->addWidget(m_text, 1);
    hide();

    m_poll.setInterval(PollMs);
    connect(&m_poll, &QTimer::timeout, this, &ConversionRow::showProgress);
    connect(m_button, &QPushButton::clicked, this, &ConversionRow::stopOrGoOn);
}

void ConversionRow::setState(const ConversionState& state)
{
    m_state = state;
    showProgress();
}

void ConversionRow::setMayChange(bool may)
{
    m_button->setEnabled(may);
}

void ConversionRow::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    m_poll.stop();
}

void ConversionRow::showProgress()
{
    const auto conversion = lastConversion(m_services, m_state->repository.key);
    const bool isRunning = m_state->isConverting && conversion && conversion->endedMs == 0;
    const bool isUnderWay = isRunning || (m_state->isConverting && m_state->left.contents > 0);
    setVisible(isUnderWay || m_state->left.contents > 0);
    m_bar->setVisible(isUnderWay);
    m_button->setText(isUnderWay ? tr("Stop") : tr("Convert the Rest"));
    m_button->setAccessibleName(isUnderWay ? tr("Stop the conversion") : m_button->text());
    if (!isUnderWay) {
        m_poll.stop();
        showRest(conversion ? conversion->error : QString());
        return;
    }
    m_poll.start();
    if (isRunning) {
        m_bar->setRange(0, BarSteps);
        m_bar->setValue(int(BarSteps * shareDone(*conversion)));
        m_text->setText(
            tr("%1 of %2 converted").arg(humanSize(conversion->done), humanSize(conversion->total)));
        m_text->setToolTip(progressToolTip(*conversion));
    } else {
        m_bar->setRange(0, 0);
        m_text->setText(tr("%1 wait for another conversion").arg(humanSize(m_state->left.bytes)));
        m_text->setToolTip(exactSize(m_state->left.bytes));
    }
}

void ConversionRow::showRest(const QString& problem)
{
    const QString size = humanSize(m_state->left.bytes);
    const QString text = m_state->repository.settings.xet ? tr("%1 are still stored as whole files").arg(size)
                                                          : tr("%1 are still stored in chunks").arg(size);
    m_text->setText(problem.isEmpty() ? text : text + QStringLiteral(". ") + problem);
    m_text->setToolTip(exactSize(m_state->left.bytes));
}

void ConversionRow::stopOrGoOn()
{
    const auto admin = adminPermit(m_services);
    if (!admin)
        return;
    if (m_state->isConverting)
        m_services.repositories().cancelConversion(*admin, m_state->repository.key);
    else
        m_services.repositories().resumeConversion(*admin, m_state->repository.key);
}

} // namespace hublet::ui
