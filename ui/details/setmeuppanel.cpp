// SPDX-License-Identifier: Apache-2.0
#include "ui/details/setmeuppanel.h"

#include "core/service/context/servercontrol.h"
#include "core/service/services.h"
#include "ui/whendone.h"
#include "ui/widgets/copybutton.h"
#include "ui/widgets/snippetview.h"

#include <QComboBox>
#include <QFutureWatcher>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

namespace hublet::ui {

namespace {

constexpr qint64 TokenLifetimeMs =
    365LL * 24 * 3600 * 1000; // artifactory 4.5: a year, never silently unlimited

using service::SetMeUpShell;

QWidget* snippetWidget(const service::SetMeUpSnippet& snippet)
{
    auto* widget = new QWidget;
    auto* layout = new QVBoxLayout(widget);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);

    auto* heading = new QHBoxLayout;
    auto* title = new QLabel(snippet.title);
    QFont bold = title->font();
    bold.setBold(true);
    title->setFont(bold);
    heading->addWidget(title);
    heading->addStretch(1);
    heading->addWidget(new CopyButton(snippet.title, [text = snippet.text] { return text; }));
    layout->addLayout(heading);

    layout->addWidget(new SnippetView(snippet.text.trimmed(), snippet.title));
    return widget;
}

} // namespace

SetMeUpPanel::SetMeUpPanel(service::Services& services, const service::ServerControl& server, QWidget* parent)
    : QWidget(parent), m_services(services), m_server(server), m_shell(new QComboBox), m_user(new QComboBox),
      m_createToken(new QPushButton(tr("Create &Token"))), m_serverNote(new QLabel), m_message(new QLabel),
      m_snippets(new QVBoxLayout)
{
    setObjectName(QStringLiteral("setMeUp"));
    m_shell->setObjectName(QStringLiteral("setMeUpShell"));
    m_shell->setAccessibleName(tr("Shell or language"));
    m_shell->addItem(tr("bash"), int(SetMeUpShell::Bash));
    m_shell->addItem(tr("PowerShell"), int(SetMeUpShell::PowerShell));
    m_shell->addItem(tr("Python"), int(SetMeUpShell::Python));
    m_shell->addItem(tr("hf command line"), int(SetMeUpShell::Cli));
    m_user->setObjectName(QStringLiteral("setMeUpUser"));
    m_user->setAccessibleName(tr("User of the token"));
    m_createToken->setObjectName(QStringLiteral("setMeUpCreateToken"));
    m_createToken->setToolTip(
        tr("Makes a token for this repository, valid for a year, and puts it into the text below"));
    m_serverNote->setObjectName(QStringLiteral("setMeUpServer"));
    for (QLabel* label : {m_serverNote, m_message}) {
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
    }

    auto* choices = new QHBoxLayout;
    choices->addWidget(m_shell);
    choices->addStretch(1);
    choices->addWidget(new QLabel(tr("Token for")));
    choices->addWidget(m_user);
    choices->addWidget(m_createToken);

    auto* scrolled = new QWidget;
    auto* inner = new QVBoxLayout(scrolled);
    inner->setContentsMargins(0, 0, 12, 12);
    m_snippets->setSpacing(12);
    inner->addLayout(m_snippets);
    inner->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(scrolled);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);

    choices->setContentsMargins(0, 0, 12, 0);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(12, 12, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(choices);
    layout->addWidget(m_serverNote);
    layout->addWidget(m_message);
    layout->addWidget(scroll, 1);

    connect(m_shell, &QComboBox::currentIndexChanged, this, &SetMeUpPanel::rebuild);
    connect(m_createToken, &QPushButton::clicked, this, &SetMeUpPanel::createToken);
    connect(&m_server, &service::ServerControl::stateChanged, this, [this] {
        m_request.address = m_server.address();
        showServer();
        rebuild();
    });
    showServer();
}

/// The text is of no use while nobody answers.
void SetMeUpPanel::showServer()
{
    using State = service::ServerControl::State;
    const State state = m_server.state();
    if (state == State::Failed)
        m_serverNote->setText(tr("⚠ The server does not run: %1").arg(m_server.problem()));
    else
        m_serverNote->setText(tr("⚠ The server is stopped. Start it before you use this text."));
    m_serverNote->setVisible(state == State::Failed || state == State::Stopped);
}

void SetMeUpPanel::show(const BrowseItem& item)
{
    const QString token = m_request.repository == item.repository->key.text() ? m_request.token : QString();
    m_request = {};
    m_request.address = m_server.address();
    m_request.repository = item.repository->key.text();
    m_request.token = token;
    m_request.type = item.type;
    if (item.package)
        m_request.package = item.package->id.id();
    if (!item.revision.isEmpty())
        m_request.revision = item.revision;
    m_request.takesUploads = item.revision.isEmpty() || item.kind == BrowseKind::Earlier || item.isOnBranch();
    if (item.kind == BrowseKind::File)
        m_request.file = item.entry->path.text();
    else if (item.kind == BrowseKind::Folder)
        m_request.folder = item.entry->path.text();

    const QString chosen = m_user->currentText();
    m_user->clear();
    for (const access::User& user : m_services.directory().users())
        m_user->addItem(user.name);
    m_user->setCurrentText(chosen);
    m_createToken->setEnabled(m_user->count() > 0);
    m_message->setText(token.isEmpty()
                           ? tr("The text holds a place for a token. Create one, or paste one of yours.")
                           : tr("The text holds a token made just now. It is not shown again."));
    rebuild();
}

void SetMeUpPanel::setEmptyRepository()
{
    m_message->setText(
        tr("%1 is empty. Drop a folder on it to upload it, or let a client do it with the text below: "
           "it holds a place for a token, which you can create here.")
            .arg(m_request.repository));
}

void SetMeUpPanel::createToken()
{
    const auto key = RepositoryKey::parse(m_request.repository);
    if (!key)
        return;
    access::NewToken request;
    request.name = tr("Set Me Up");
    request.role = access::Principal::TokenRole::Write;
    request.repository = *key;
    request.lifetimeMs = TokenLifetimeMs;
    m_createToken->setEnabled(false);
    whenDone(m_services.run([user = m_user->currentText(), request](service::Services& services) {
        return services.directory().createToken(user, request);
    }),
             this, [this, repository = m_request.repository](Result<access::CreatedToken> token) {
                 m_createToken->setEnabled(true);
                 if (!token) {
                     m_message->setText(token.error().detail());
                     return;
                 }
                 if (repository != m_request.repository)
                     return;
                 m_request.token = QString::fromLatin1(token->secret);
                 m_message->setText(tr("The text holds a token made just now. It is not shown again."));
                 rebuild();
             });
}

void SetMeUpPanel::rebuild()
{
    if (m_request.repository.isEmpty())
        return;
    const auto shell = static_cast<SetMeUpShell>(m_shell->currentData().toInt());
    if (m_shown == std::pair(m_request, shell))
        return; // keeps the reader's place
    m_shown = std::pair(m_request, shell);
    while (QLayoutItem* item = m_snippets->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const service::SetMeUpSnippet& snippet : service::setMeUp(m_request, shell))
        m_snippets->addWidget(snippetWidget(snippet));
}

} // namespace hublet::ui
