// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/welcomedialog.h"

#include "core/service/context/servercontrol.h"
#include "core/service/services.h"
#include "core/service/setmeup.h"
#include "ui/widgets/copybutton.h"
#include "ui/widgets/factsform.h"

#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QLabel>
#include <QPlainTextEdit>
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
    auto* snippet = new QPlainTextEdit(pasted);
    snippet->setReadOnly(true);
    snippet->setAccessibleName(tr("Text to paste"));
    snippet->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    snippet->setLineWrapMode(QPlainTextEdit::NoWrap);
    const QSize needed = snippet->fontMetrics().size(0, pasted);
    const int border = 2 * (int(snippet->document()->documentMargin()) + snippet->frameWidth());
    snippet->setMinimumWidth(needed.width() + 2 * border);
    snippet->setFixedHeight(needed.height() + 2 * border);
    auto* heading = new QHBoxLayout;
    heading->addWidget(new QLabel(tr("Paste this into a shell to use it:")));
    heading->addStretch(1);
    heading->addWidget(new CopyButton(tr("the text"), [pasted] { return pasted; }));

    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Ok);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("I have kept them"));
    connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(text);
    layout->addWidget(facts);
    layout->addLayout(heading);
    layout->addWidget(snippet);
    layout->addWidget(buttons);
}

} // namespace hublet::ui
