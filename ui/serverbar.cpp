// SPDX-License-Identifier: Apache-2.0
#include "ui/serverbar.h"

#include "core/service/context/servercontrol.h"
#include "ui/widgets/copybutton.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

namespace hublet::ui {

namespace {

using State = service::ServerControl::State;

QString stateText(State state)
{
    switch (state) {
    case State::Stopped:
        return ServerBar::tr("Stopped");
    case State::Starting:
        return ServerBar::tr("Starting…");
    case State::Serving:
        return ServerBar::tr("Serving");
    case State::Stopping:
        return ServerBar::tr("Stopping…");
    case State::Failed:
        return ServerBar::tr("Not serving");
    }
    return {};
}

/// Seen on light and dark backgrounds; the word beside it says the same.
QString stateColour(State state)
{
    switch (state) {
    case State::Serving:
        return QStringLiteral("#2e9e5b");
    case State::Failed:
        return QStringLiteral("#d0483e");
    case State::Starting:
    case State::Stopping:
        return QStringLiteral("#c98a1b");
    case State::Stopped:
        break;
    }
    return QStringLiteral("#8a8f98");
}

} // namespace

ServerBar::ServerBar(const service::ServerControl& server, QAction& toggle, QWidget* parent)
    : QWidget(parent), m_server(server), m_dot(new QLabel(QStringLiteral("●"))), m_state(new QLabel),
      m_address(new QLabel),
      m_copy(new CopyButton(tr("the address"), [&server] { return server.address(); })),
      m_switch(new QPushButton)
{
    m_state->setObjectName(QStringLiteral("serverState"));
    m_address->setObjectName(QStringLiteral("serverAddress"));
    m_address->setTextFormat(Qt::PlainText);
    m_address->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_switch->setObjectName(QStringLiteral("serverSwitch"));
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(6, 0, 6, 0);
    layout->setSpacing(8);
    layout->addWidget(m_dot);
    layout->addWidget(m_state);
    layout->addWidget(m_address);
    layout->addWidget(m_copy);
    layout->addWidget(m_switch);
    connect(&m_server, &service::ServerControl::stateChanged, this, &ServerBar::update);
    connect(m_switch, &QPushButton::clicked, &toggle, &QAction::trigger);
    update();
}

void ServerBar::update()
{
    const State state = m_server.state();
    m_dot->setStyleSheet(QStringLiteral("color: %1").arg(stateColour(state)));
    m_state->setText(stateText(state));
    m_address->setText(m_server.address());
    m_address->setEnabled(state == State::Serving);
    m_switch->setText(state == State::Serving || state == State::Stopping ? tr("Stop") : tr("Start"));
    m_switch->setEnabled(state != State::Starting && state != State::Stopping);
    setToolTip(m_server.problem().toHtmlEscaped());
}

} // namespace hublet::ui
