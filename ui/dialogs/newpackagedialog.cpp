// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/newpackagedialog.h"

#include "core/service/services.h"
#include "ui/owner.h"
#include "ui/whendone.h"
#include "ui/widgets/problemline.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>

namespace hublet::ui {

NewPackageDialog::NewPackageDialog(service::Services& services, const QStringList& repositories,
                                   const QString& repository, PackageType type, const QString& organisation,
                                   QWidget* parent)
    : QDialog(parent), m_services(services), m_repository(new QComboBox), m_type(new QComboBox),
      m_organisation(new QLineEdit(organisation)), m_name(new QLineEdit),
      m_private(new QCheckBox(tr("&Private: only its organisation and administrators see it"))),
      m_problem(new ProblemLine),
      m_buttons(new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel))
{
    setWindowTitle(tr("New Package"));
    m_repository->addItems(repositories);
    m_repository->setCurrentText(repository);
    m_repository->setAccessibleName(tr("Repository"));
    m_type->addItem(tr("Model"), int(PackageType::Model));
    m_type->addItem(tr("Dataset"), int(PackageType::Dataset));
    m_type->setCurrentIndex(type == PackageType::Model ? 0 : 1);
    m_type->setObjectName(QStringLiteral("packageType"));
    m_organisation->setObjectName(QStringLiteral("packageOrganisation"));
    m_organisation->setPlaceholderText(QStringLiteral("acme"));
    m_name->setObjectName(QStringLiteral("packageName"));
    m_name->setPlaceholderText(QStringLiteral("bert-tiny"));
    m_buttons->button(QDialogButtonBox::Ok)->setText(tr("Cr&eate"));

    auto* form = new QFormLayout(this);
    form->addRow(tr("&Repository"), m_repository);
    form->addRow(tr("&Type"), m_type);
    form->addRow(tr("&Organisation"), m_organisation);
    form->addRow(tr("&Name"), m_name);
    form->addRow(QString(), m_private);
    form->addRow(m_problem);
    form->addRow(m_buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    (organisation.isEmpty() ? m_organisation : m_name)->setFocus();

    connect(m_organisation, &QLineEdit::textChanged, this, &NewPackageDialog::validate);
    connect(m_name, &QLineEdit::textChanged, this, &NewPackageDialog::validate);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &NewPackageDialog::create);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    validate();
}

Result<PackageId> NewPackageDialog::packageId() const
{
    auto id = PackageId::parse(static_cast<PackageType>(m_type->currentData().toInt()),
                               QString(m_organisation->text() + u'/' + m_name->text()));
    if (!id)
        return id;
    if (const auto checked = id->checkForCreation(); !checked)
        return forward(checked);
    return id;
}

void NewPackageDialog::validate()
{
    const auto id = packageId();
    const bool started = !m_organisation->text().isEmpty() && !m_name->text().isEmpty();
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(id.has_value() && m_repository->count() > 0);
    m_problem->showProblem(id || !started ? QString() : id.error().detail());
}

void NewPackageDialog::create()
{
    const auto id = packageId();
    const auto key = RepositoryKey::parse(m_repository->currentText());
    if (!id || !key)
        return;
    service::NewPackage request;
    request.isPrivate = m_private->isChecked();
    m_buttons->button(QDialogButtonBox::Ok)->setEnabled(false);
    whenDone(m_services.run(
                 [key = *key, id = *id, request](service::Services& services) -> Result<catalog::Package> {
                     const auto allowed = permit(services, access::Action::Write, key, id.artifactPath());
                     if (!allowed)
                         return forward(allowed);
                     return services.packages().create(*allowed, id, request);
                 }),
             this, [this](Result<catalog::Package> package) {
                 if (!package) {
                     m_problem->showProblem(package.error().detail());
                     m_buttons->button(QDialogButtonBox::Ok)->setEnabled(true);
                     return;
                 }
                 emit created(package->repository.text(), package->id.type(), package->id.id());
                 accept();
             });
}

} // namespace hublet::ui
