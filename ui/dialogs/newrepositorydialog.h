// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

class QCheckBox;
class QDialogButtonBox;
class QLineEdit;

namespace hublet::service {
class Services;
}

namespace hublet::ui {

class ProblemLine;

/// Asks for a key and settings and creates a repository; stays open and says what is wrong until it worked.
class NewRepositoryDialog : public QDialog {
    Q_OBJECT
public:
    explicit NewRepositoryDialog(service::Services& services, QWidget* parent = nullptr);

signals:
    void created(const QString& key);

private:
    void validate();
    void create();

    service::Services& m_services;
    QLineEdit* m_key;
    QLineEdit* m_description;
    QCheckBox* m_xet;
    QCheckBox* m_createOnDeploy;
    ProblemLine* m_problem;
    QDialogButtonBox* m_buttons;
};

} // namespace hublet::ui
