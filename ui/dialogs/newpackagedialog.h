// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/names.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QDialogButtonBox;
class QLineEdit;

namespace hublet::service {
class Services;
}

namespace hublet::ui {

class ProblemLine;

/// Asks for type and name and creates a model or dataset; stays open and says what is wrong until it worked.
class NewPackageDialog : public QDialog {
    Q_OBJECT
public:
    /// `repositories`: keys to choose from; `repository` and `type` are chosen first.
    NewPackageDialog(service::Services& services, const QStringList& repositories, const QString& repository,
                     PackageType type, const QString& organisation, QWidget* parent = nullptr);

signals:
    void created(const QString& repository, hublet::PackageType type, const QString& id);

private:
    [[nodiscard]] Result<PackageId> packageId() const;
    void validate();
    void create();

    service::Services& m_services;
    QComboBox* m_repository;
    QComboBox* m_type;
    QLineEdit* m_organisation;
    QLineEdit* m_name;
    QCheckBox* m_private;
    ProblemLine* m_problem;
    QDialogButtonBox* m_buttons;
};

} // namespace hublet::ui
