// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QPushButton;

namespace hublet::service {
class ServerControl;
}

namespace hublet::ui {

class CopyButton;

/// The state of the server at a glance: dot, word, address with a copy button, and the button that starts or
/// stops it: it triggers `toggle`, whoever owns that asks first.
class ServerBar : public QWidget {
    Q_OBJECT
public:
    /// Both must outlive it.
    ServerBar(const service::ServerControl& server, QAction& toggle, QWidget* parent = nullptr);

private:
    void update();

    const service::ServerControl& m_server;
    QLabel* m_dot;
    QLabel* m_state;
    QLabel* m_address;
    CopyButton* m_copy;
    QPushButton* m_switch;
};

} // namespace hublet::ui
