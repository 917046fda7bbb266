// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/newrepositorydialog.h"

#include "core/service/services.h"
#include "ui/owner.h"
#include "ui/whendone.h"
#include "ui/widgets/problemline.h"

#include <QCheckBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace hublet::ui {

NewRepositoryDialog::NewRepositoryDialog(service::Services& services, QWidget* parent)
    : QDialog(parent), m_services(services), m_key(new QLineEdit), m_description(new QLineEdit),
      m_xet(new QCheckBox(tr("&Store chunked and deduplicated (Xet)"))),
      m_createOnDeploy(new QCheckBox(tr("&Uploads create unknown packages and revisions"))),
      m_problem(new ProblemLine),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel))
{
    setWindowTitle(tr("New Repository"));
    m_key->setObjectName(QStringLiteral("repositoryKey"));
    m_key->setPlaceholderText(QStringLiteral("hf-local"));
    m_key->setAccessibleName(tr("Key"));
    m_description->setObjectName(QStringLiteral("repositoryDescription"));
    m_xet->setChecked(true);
    m_createOnDeploy->setChecked(true);
    m_buttons->button(QDialogButtonBox::Ok)->setText(tr("Cr&eate"));

    auto* form = new QFormLayout(this);
    form->addRow(tr("&Key"), m_key);
    form->addRow(tr("&Description"), m_description);
    form->addRow(QString(), m_xet);
    form->addRow(QString(), m_createOnDeploy);
    form->addRow(m_problem);
    form->addRow(m_buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 64);

    connect(m_key, &QLineEdit::textChanged, this, &NewRepositoryDialog::validate);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &NewRepositoryDialog::create);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    validate();
}

void NewRepositoryDialog::validate()
{
    const auto key = RepositoryKey::parse(m_key->text());
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(key.has_value());
    m_problem->showProblem(key || m_key->text().isEmpty() ? QString() : key.error().detail());
}

void NewRepositoryDialog::create()
{
    const auto key = RepositoryKey::parse(m_key->text());
    if (!key)
        return;
    service::Repositories::NewRepository request;
    request.settings.description = m_description->text();
    request.settings.xet = m_xet->isChecked();
    request.settings.createOnDeploy = m_createOnDeploy->isChecked();
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(false);
    whenDone(
        m_services.run([key = *key, request](service::Services& services) -> Result<catalog::Repository> {
            const auto admin = adminPermit(services);
            if (!admin)
                return forward(admin);
            return services.repositories().create(*admin, key, request);
        }),
        this, [this](Result<catalog::Repository> repository) {
            if (!repository) {
                m_problem->showProblem(repository.error().detail());
                m_buttons->button(QDialogButtonBox::Ok)->setEnabled(true);
                return;
            }
            emit created(repository->key.text());
            accept();
        });
}

} // namespace hublet::ui
