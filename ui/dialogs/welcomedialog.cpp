// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/welcomedialog.h"

#include "core/service/context/servercontrol.h"
#include "core/service/services.h"
#include "core/service/setmeup.h"
#include "ui/widgets/copybutton.h"
#include "ui/widgets/factsform.h"
#include "ui/widgets/snippetview.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace hublet::ui {

WelcomeDialog::WelcomeDialog(const service::Services& services, const service::ServerControl& server,
                             QWidget* parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Welcome to Hublet"));
    setObjectName(QStringLiteral("welcome"));
    const service::FirstRun& first = *services.firstRun();

    auto* text = new QLabel(
        tr("Hublet keeps models and datasets and serves them to Hugging Face clients. A first repository, "
           "hf-local, is ready.\n\nKeep the password and the token now: they are not shown again."));
    text->setWordWrap(true);
    auto* facts = new FactsForm;
    facts->addFact(tr("Data folder"), services.dataFolder().path());
    facts->addFact(tr("User"), first.user);
    facts->addId(tr("Password"), first.password, int(first.password.size()));
    facts->addId(tr("Token"), first.token, int(first.token.size()));

    service::SetMeUpRequest request;
    request.address = server.address();
    request.repository = QStringLiteral("hf-local");
    request.token = first.token;
    const auto snippets = service::setMeUp(request, service::SetMeUpShell::Bash);
    const QString pasted = snippets.empty() ? QString() : snippets.front().text.trimmed();
    auto* snippet = new SnippetView(pasted, tr("Text to paste"));
    snippet->setMinimumWidth(snippet->contentWidth());
    auto* heading = new QHBoxLayout;
    heading->addWidget(new QLabel(tr("Paste this into a shell to use it:")));
    heading->addStretch(1);
    heading->addWidget(new CopyButton(tr("the text"), [pasted] { return pasted; }));

    auto* buttons = new QDialogButtonBox;
    m_kept = buttons->addButton(tr("I have &kept them"), QDialogButtonBox::AcceptRole);
    m_kept->setObjectName(QStringLiteral("kept"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(facts);
    layout->addLayout(heading);
    layout->addWidget(snippet);
    layout->addWidget(buttons);
}

void WelcomeDialog::reject()
{
    m_kept->setFocus();
}

} // namespace hublet::ui
