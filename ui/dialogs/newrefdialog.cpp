// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/newrefdialog.h"

#include "core/service/services.h"
#include "ui/owner.h"
#include "ui/whendone.h"
#include "ui/widgets/problemline.h"

#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>

namespace hublet::ui {

NewRefDialog::NewRefDialog(service::Services& services, const BrowseItem& item, Kind kind, QWidget* parent)
    : QDialog(parent), m_services(services), m_item(item),
      m_revision(item.revision.isEmpty() ? QStringLiteral("main") : item.revision), m_kind(kind),
      m_name(new QLineEdit), m_problem(new ProblemLine)
{
    const bool isBranch = kind == Kind::Branch;
    setWindowTitle(isBranch ? tr("New Branch") : tr("New Tag"));
    auto* on = new QLabel(m_item.package->id.id() + u'@' + m_revision);
    on->setTextFormat(Qt::PlainText);
    m_name->setObjectName(QStringLiteral("refName"));
    m_name->setPlaceholderText(isBranch ? QStringLiteral("experiment") : QStringLiteral("v1.0"));
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    m_create = buttons->button(QDialogButtonBox::Ok);
    m_create->setText(tr("Cr&eate"));

    auto* form = new QFormLayout(this);
    form->addRow(isBranch ? tr("Starts at") : tr("Names"), on);
    form->addRow(tr("&Name"), m_name);
    form->addRow(m_problem);
    form->addRow(buttons);
    setMinimumWidth(fontMetrics().averageCharWidth() * 64);
    m_name->setFocus();
    connect(m_name, &QLineEdit::textChanged, this, &NewRefDialog::validate);
    connect(buttons, &QDialogButtonBox::accepted, this, &NewRefDialog::create);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    validate();
}

void NewRefDialog::validate()
{
    const bool isValid = isCreatableRefName(m_name->text());
    m_create->setEnabled(isValid);
    m_problem->showProblem(
        isValid || m_name->text().isEmpty()
            ? QString()
            : tr("This cannot be the name of a branch or tag: no spaces, none of ~ ^ : ? * [ \\"));
}

void NewRefDialog::create()
{
    m_create->setEnabled(false);
    const QString name = m_name->text();
    whenDone(m_services.run([item = m_item, from = m_revision, kind = m_kind,
                             name](service::Services& services) -> Result<void> {
        const PackageId& id = item.package->id;
        const auto allowed = permit(services, access::Action::Write, item.repository->key, id.artifactPath());
        if (!allowed)
            return forward(allowed);
        if (kind == Kind::Tag)
            return services.packages().createTag(*allowed, id, from, name, {});
        return services.packages().createBranch(*allowed, id, {name, from, false, false});
    }),
             this, [this, name](const Result<void>& made) {
                 m_create->setEnabled(true);
                 if (!made) {
                     m_problem->showProblem(made.error().detail());
                     return;
                 }
                 emit created(name);
                 accept();
             });
}

} // namespace hublet::ui
