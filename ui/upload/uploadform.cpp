// SPDX-License-Identifier: Apache-2.0
#include "ui/upload/uploadform.h"

#include "core/service/services.h"
#include "ui/owner.h"
#include "ui/whendone.h"

#include <QComboBox>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>

namespace hublet::ui {

namespace {

QString firstMessage(const QStringList& sources)
{
    return sources.size() == 1 ? UploadForm::tr("Upload %1").arg(QFileInfo(sources.first()).fileName())
                               : UploadForm::tr("Upload %n file(s)", nullptr, int(sources.size()));
}

} // namespace

UploadForm::UploadForm(service::Services& services, const QStringList& repositories, const UploadDraft& draft,
                       QWidget* parent)
    : QWidget(parent), m_services(services), m_sources(draft.sources), m_repository(new QComboBox),
      m_type(new QComboBox), m_package(new QLineEdit), m_revision(new QComboBox), m_folder(new QLineEdit),
      m_message(new QLineEdit)
{
    m_repository->addItems(repositories);
    m_repository->setCurrentText(draft.repository);
    m_repository->setObjectName(QStringLiteral("uploadRepository"));
    m_type->addItem(tr("Model"), int(PackageType::Model));
    m_type->addItem(tr("Dataset"), int(PackageType::Dataset));
    m_type->setCurrentIndex(draft.type == PackageType::Model ? 0 : 1);
    m_type->setAccessibleName(tr("Type"));
    m_package->setText(draft.package);
    m_package->setObjectName(QStringLiteral("uploadPackage"));
    m_package->setAccessibleName(tr("Package"));
    m_package->setPlaceholderText(tr("organisation/name"));
    m_revision->setEditable(true);
    m_revision->setInsertPolicy(QComboBox::NoInsert);
    m_revision->setEditText(draft.revision);
    m_revision->setObjectName(QStringLiteral("uploadRevision"));
    m_folder->setText(draft.folder);
    m_folder->setObjectName(QStringLiteral("uploadFolder"));
    m_folder->setPlaceholderText(tr("top of the package"));
    m_message->setText(firstMessage(m_sources));
    m_message->setObjectName(QStringLiteral("uploadMessage"));

    auto* package = new QHBoxLayout;
    package->addWidget(m_type);
    package->addWidget(m_package, 1);
    auto* form = new QFormLayout(this);
    form->setContentsMargins(0, 0, 0, 0);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->addRow(tr("&Repository"), m_repository);
    auto* packageLabel = new QLabel(tr("&Package"));
    packageLabel->setBuddy(m_package);
    form->addRow(packageLabel, package);
    form->addRow(tr("Re&vision"), m_revision);
    form->addRow(tr("&Folder"), m_folder);
    form->addRow(tr("Commit &message"), m_message);

    connect(m_repository, &QComboBox::currentIndexChanged, this, &UploadForm::changed);
    connect(m_type, &QComboBox::currentIndexChanged, this, &UploadForm::changed);
    connect(m_package, &QLineEdit::textEdited, this, &UploadForm::changed);
    connect(m_package, &QLineEdit::editingFinished, this, &UploadForm::listRevisions);
    connect(m_revision, &QComboBox::editTextChanged, this, &UploadForm::changed);
    connect(m_folder, &QLineEdit::textEdited, this, &UploadForm::changed);
    connect(m_message, &QLineEdit::textEdited, this, &UploadForm::messageChanged);
    listRevisions();
}

QString UploadForm::message() const
{
    return m_message->text().trimmed();
}

Result<RepositoryKey> UploadForm::repositoryKey() const
{
    return RepositoryKey::parse(m_repository->currentText());
}

Result<PackageId> UploadForm::packageId() const
{
    auto id = PackageId::parse(static_cast<PackageType>(m_type->currentData().toInt()), m_package->text());
    if (!id)
        return id;
    if (const auto fit = id->checkForCreation(); !fit)
        return forward(fit);
    return id;
}

Result<service::UploadRequest> UploadForm::request() const
{
    auto id = packageId();
    if (!id)
        return forward(id);
    RepoPath folder;
    if (!m_folder->text().isEmpty()) {
        const auto parsed = RepoPath::parse(m_folder->text().toUtf8());
        if (!parsed)
            return forward(parsed);
        folder = *parsed;
    }
    if (m_revision->currentText().isEmpty())
        return fail(ErrorCode::InvalidRevision, tr("Say to which revision, for example main"));
    return service::UploadRequest{std::move(*id), m_revision->currentText(), folder, m_sources};
}

/// Branches and releases to choose from; of a package that does not exist yet there are none.
void UploadForm::listRevisions()
{
    const auto key = repositoryKey();
    const auto id = packageId();
    if (!key || !id)
        return;
    using Refs = Result<std::vector<catalog::Ref>>;
    whenDone(m_services.run([key = *key, id = *id](service::Services& services) -> Refs {
        const auto allowed = permit(services, access::Action::Read, key, id.artifactPath());
        if (!allowed)
            return forward(allowed);
        return services.browse().refs(*allowed, id, false);
    }),
             this, [this](const Refs& refs) {
                 const QString typed = m_revision->currentText();
                 const QSignalBlocker quiet(m_revision);
                 m_revision->clear();
                 if (refs) {
                     for (const catalog::Ref& ref : *refs) {
                         if (ref.kind == catalog::RefKind::Branch || ref.kind == catalog::RefKind::Release)
                             m_revision->addItem(ref.name);
                     }
                 }
                 m_revision->setEditText(typed);
             });
}

} // namespace hublet::ui
