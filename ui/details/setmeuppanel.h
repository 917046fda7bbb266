// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/setmeup.h"
#include "ui/browse/browseitem.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace hublet::service {
class ServerControl;
class Services;
} // namespace hublet::service

namespace hublet::ui {

/// "Set Me Up": ready text for what is selected, in the shell of the user's choice, each piece with a copy
/// button. A token can be made here; it is put into the text and shown nowhere else.
class SetMeUpPanel : public QWidget {
    Q_OBJECT
public:
    SetMeUpPanel(service::Services& services, const service::ServerControl& server,
                 QWidget* parent = nullptr);

    void show(const BrowseItem& item);
    /// Says that this is how the repository shown gets its first package.
    void setEmptyRepository();

private:
    void createToken();
    void showServer();
    void rebuild();

    service::Services& m_services;
    const service::ServerControl& m_server;
    service::SetMeUpRequest m_request;
    std::optional<std::pair<service::SetMeUpRequest, service::SetMeUpShell>>
        m_shown; ///< what the text is for
    QComboBox* m_shell;
    QComboBox* m_user;
    QPushButton* m_createToken;
    QLabel* m_serverNote; ///< why nobody would answer
    QLabel* m_message;
    QVBoxLayout* m_snippets;
};

} // namespace hublet::ui
