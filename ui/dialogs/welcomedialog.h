// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QDialog>

class QPushButton;

namespace hublet::service {
class ServerControl;
class Services;
} // namespace hublet::service

namespace hublet::ui {

/// Shown once, at the first start on a data folder: where things are kept, the administrator's password and
/// first token, and a text that works when pasted. Stays until the user says that the secrets are kept:
/// Escape would lose them. Services::firstRun() must be set.
class WelcomeDialog : public QDialog {
    Q_OBJECT
public:
    WelcomeDialog(const service::Services& services, const service::ServerControl& server,
                  QWidget* parent = nullptr);

    void reject() override;

private:
    QPushButton* m_kept;
};

} // namespace hublet::ui
