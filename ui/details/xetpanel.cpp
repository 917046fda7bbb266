// SPDX-License-Identifier: Apache-2.0
#include "ui/details/xetpanel.h"

#include "core/base/humanformat.h"
#include "core/service/services.h"
#include "ui/details/conversionrow.h"
#include "ui/owner.h"
#include "ui/whendone.h"
#include "ui/widgets/sizetext.h"

#include <QCheckBox>
#include <QLabel>
#include <QMessageBox>
#include <QStyle>
#include <QVBoxLayout>

#include <utility>

namespace hublet::ui {

namespace {

Result<ConversionState> stateOf(service::Services& services, const RepositoryKey& key)
{
    auto repository = services.browse().repository(key);
    if (!repository)
        return forward(repository);
    const bool isConverting = services.repositories().isConverting(key);
    const auto left = services.repositories().inOtherForm(key, repository->settings.xet);
    if (!left)
        return forward(left);
    return ConversionState{std::move(*repository), isConverting, *left};
}

} // namespace

XetPanel::XetPanel(service::Services& services, QWidget* parent)
    : QWidget(parent), m_services(services), m_refresher([this] { ask(); }),
      m_switch(new QCheckBox(tr("Store chunked and deduplicated"))), m_explanation(new QLabel),
      m_conversion(new ConversionRow(services, this))
{
    m_switch->setObjectName(QStringLiteral("xetSwitch"));
    m_switch->setAccessibleName(tr("Xet: store chunked and deduplicated"));
    m_explanation->setObjectName(QStringLiteral("xetExplanation"));
    m_explanation->setTextFormat(Qt::PlainText);
    m_explanation->setWordWrap(true);
    m_explanation->setForegroundRole(QPalette::PlaceholderText);
    m_explanation->setIndent(style()->pixelMetric(QStyle::PM_IndicatorWidth) +
                             style()->pixelMetric(QStyle::PM_CheckBoxLabelSpacing));
    // Takes the width there is, as the other values of the form do.
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 2);
    column->setSpacing(2);
    column->addWidget(m_switch, 0, Qt::AlignLeft);
    column->addWidget(m_explanation);
    column->addWidget(m_conversion);

    connect(m_switch, &QCheckBox::clicked, this, &XetPanel::turn);
    const auto changed = [this](const QString& repository) {
        if (m_repository && m_repository->key.text() == repository)
            refresh();
    };
    connect(&services.events(), &service::EventBus::repositoryChanged, this, changed);
    connect(&services.events(), &service::EventBus::conversionChanged, this, changed);
}

void XetPanel::setRepository(const catalog::Repository& repository, const Result<access::AdminPermit>& admin)
{
    m_whyNot = admin ? QString() : admin.error().detail();
    m_conversion->setMayChange(admin.has_value());
    if (!m_repository || m_repository->key != repository.key) {
        m_repository = repository;
        m_conversion->hide();
        ++m_turn;
        m_isTurning = false;
        m_problem.clear();
    }
    showSwitch();
    refresh();
}

void XetPanel::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    refresh();
}

void XetPanel::refresh()
{
    if (m_repository && isVisible())
        m_refresher.want();
}

void XetPanel::ask()
{
    whenDone(m_services.run(
                 [key = m_repository->key](service::Services& services) { return stateOf(services, key); }),
             this, [this, turn = m_turn](const Result<ConversionState>& state) {
                 if (state && turn == m_turn && m_repository->key == state->repository.key) {
                     m_repository = state->repository;
                     showSwitch();
                     if (!m_isTurning)
                         m_conversion->setState(*state);
                 }
                 m_refresher.answered();
             });
}

void XetPanel::showSwitch()
{
    m_switch->setEnabled(m_whyNot.isEmpty());
    const bool isOn = m_repository->settings.xet;
    if (!m_isTurning)
        m_switch->setChecked(isOn);
    if (!m_whyNot.isEmpty())
        m_explanation->setText(m_whyNot);
    else if (!m_problem.isEmpty())
        m_explanation->setText(m_problem);
    else if (m_isTurning)
        m_explanation->setText(tr("Looking for what has to be converted…"));
    else if (isOn)
        m_explanation->setText(tr("Clients with hf_xet send only chunks that the store lacks."));
    else
        m_explanation->setText(tr("Files are stored whole, and clients with hf_xet do not use Xet."));
    m_switch->setAccessibleDescription(m_explanation->text());
}

void XetPanel::turn(bool on)
{
    ++m_turn;
    m_problem.clear();
    m_isTurning = on != m_repository->settings.xet; // else turned back before the answer came
    if (m_isTurning)
        m_conversion->hide(); // it tells of how the switch was
    showSwitch();
    if (!m_isTurning) {
        refresh();
        return;
    }
    whenDone(m_services.run([key = m_repository->key, on](service::Services& services) {
        return services.repositories().inOtherForm(key, on);
    }),
             this, [this, on, turn = m_turn](const Result<catalog::OtherForm>& toConvert) {
                 if (turn != m_turn)
                     return;
                 if (!toConvert)
                     endTurn(toConvert.error().detail());
                 else if (toConvert->contents == 0)
                     change(on);
                 else
                     confirm(on, *toConvert);
             });
}

void XetPanel::confirm(bool on, const catalog::OtherForm& toConvert)
{
    auto* box = new QMessageBox(QMessageBox::Question, on ? tr("Turn Xet On") : tr("Turn Xet Off"), {},
                                QMessageBox::Cancel, this);
    box->setObjectName(QStringLiteral("xetQuestion"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setTextFormat(Qt::PlainText);
    const QString key = m_repository->key.text();
    const QString size = humanAndExactSize(toConvert.bytes);
    box->setText(on ? tr("Turn Xet on for %1?").arg(key) : tr("Turn Xet off for %1?").arg(key));
    box->setInformativeText(
        on ? tr("%1 of whole files will be converted to chunks in the background. You can stop that at any "
                "time and go on later.\n\nClients with hf_xet will use Xet.")
                 .arg(size)
           : tr("%1 stored in chunks will be converted to whole files in the background, and may take more "
                "room then. You can stop that at any time and go on later.\n\nClients with hf_xet will not "
                "use Xet any more.")
                 .arg(size));
    box->setDefaultButton(box->addButton(on ? tr("Turn On") : tr("Turn Off"), QMessageBox::AcceptRole));
    connect(box, &QDialog::finished, this, [this, box, on, turn = m_turn] {
        if (turn != m_turn)
            return;
        if (box->buttonRole(box->clickedButton()) == QMessageBox::AcceptRole)
            change(on);
        else
            endTurn();
    });
    box->open();
}

void XetPanel::change(bool on)
{
    m_repository->settings.xet = on; // a further click turns it back, and does not take this one back
    using Changed = Result<catalog::Repository>;
    whenDone(m_services.run([key = m_repository->key, on](service::Services& services) -> Changed {
        const auto admin = adminPermit(services);
        if (!admin)
            return forward(admin);
        const auto repository = services.browse().repository(key);
        if (!repository)
            return forward(repository);
        catalog::RepositorySettings settings = repository->settings;
        settings.xet = on;
        return services.repositories().change(*admin, key, settings);
    }),
             this, [this, on, turn = m_turn](const Changed& repository) {
                 if (turn != m_turn)
                     return;
                 if (!repository)
                     m_repository->settings.xet = !on;
                 endTurn(repository ? QString() : repository.error().detail());
             });
}

void XetPanel::endTurn(const QString& problem)
{
    ++m_turn;
    m_isTurning = false;
    m_problem = problem;
    showSwitch();
    refresh();
}

} // namespace hublet::ui
