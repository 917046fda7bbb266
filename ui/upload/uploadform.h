// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/disk/uploadplan.h"

#include <QWidget>

class QComboBox;
class QLineEdit;

namespace hublet::service {
class Services;
}

namespace hublet::ui {

/// What the form of an upload is filled with at first.
struct UploadDraft {
    QString repository; ///< key
    PackageType type = PackageType::Model;
    QString package; ///< "acme/bert-tiny"; may be incomplete
    QString revision = QStringLiteral("main");
    QString folder;      ///< in the package
    QStringList sources; ///< absolute paths
};

/// Where an upload goes and what its commit says. GUI thread only.
class UploadForm : public QWidget {
    Q_OBJECT
public:
    /// `repositories`: keys to choose from.
    UploadForm(service::Services& services, const QStringList& repositories, const UploadDraft& draft,
               QWidget* parent = nullptr);

    [[nodiscard]] Result<RepositoryKey> repositoryKey() const;
    /// Errors: InvalidName, InvalidPath, InvalidRevision; each with a sentence for the user.
    [[nodiscard]] Result<service::UploadRequest> request() const;
    [[nodiscard]] QString message() const;

signals:
    /// The upload would go elsewhere.
    void changed();
    void messageChanged();

private:
    void listRevisions();
    [[nodiscard]] Result<PackageId> packageId() const;

    service::Services& m_services;
    const QStringList m_sources;
    QComboBox* m_repository;
    QComboBox* m_type;
    QLineEdit* m_package;
    QComboBox* m_revision;
    QLineEdit* m_folder;
    QLineEdit* m_message;
};

} // namespace hublet::ui
