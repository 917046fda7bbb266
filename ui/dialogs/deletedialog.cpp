// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/deletedialog.h"

#include "ui/whendone.h"
#include "ui/widgets/problemline.h"

#include <QDialogButtonBox>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace hublet::ui {

DeleteDialog::DeleteDialog(const QString& what, const QString& consequence, const QString& name,
                           std::function<QFuture<Result<void>>()> remove, QWidget* parent)
    : QDialog(parent), m_name(name), m_remove(std::move(remove)), m_typed(new QLineEdit),
      m_problem(new ProblemLine), m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel)),
      m_delete(m_buttons->addButton(tr("&Delete"), QDialogButtonBox::DestructiveRole))
{
    setWindowTitle(tr("Delete"));
    const auto plain = [this](const QString& text) {
        auto* label = new QLabel(text);
        label->setTextFormat(Qt::PlainText);
        label->setWordWrap(true);
        label->setMinimumWidth(fontMetrics().averageCharWidth() * 56);
        return label;
    };
    QLabel* heading = plain(tr("Delete %1?").arg(what));
    QFont bold = heading->font();
    bold.setBold(true);
    heading->setFont(bold);
    m_typed->setObjectName(QStringLiteral("typedName"));
    m_typed->setAccessibleName(tr("Type %1 to confirm").arg(name));
    m_delete->setObjectName(QStringLiteral("deleteButton"));
    // Return in the line must not press Cancel: it deletes, or says what is wrong.
    for (QPushButton* button : {m_delete, m_buttons->button(QDialogButtonBox::Cancel)})
        button->setAutoDefault(name.isEmpty());

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(heading);
    layout->addWidget(plain(consequence));
    layout->addSpacing(8);
    if (!name.isEmpty()) {
        QLabel* asked =
            plain(tr("&Type %1 to confirm:").arg(QString(name).replace(u'&', QStringLiteral("&&"))));
        asked->setBuddy(m_typed);
        layout->addWidget(asked);
    }
    layout->addWidget(m_typed);
    m_typed->setVisible(!name.isEmpty());
    layout->addWidget(m_problem);
    layout->addWidget(m_buttons);

    connect(m_typed, &QLineEdit::textChanged, this, &DeleteDialog::validate);
    connect(m_typed, &QLineEdit::returnPressed, this, &DeleteDialog::removeNow);
    connect(m_delete, &QPushButton::clicked, this, &DeleteDialog::removeNow);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    validate();
}

void DeleteDialog::validate()
{
    m_delete->setEnabled(m_typed->text() == m_name);
    m_problem->showProblem({});
}

void DeleteDialog::keyPressEvent(QKeyEvent* event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    auto* button = qobject_cast<QPushButton*>(focusWidget());
    if (isReturn && button)
        button->click(); // also one that is no default
    else
        QDialog::keyPressEvent(event);
}

void DeleteDialog::removeNow()
{
    if (!m_typed->isEnabled())
        return;
    if (m_typed->text() != m_name) {
        m_problem->showProblem(tr("This is not the name. Type exactly: %1").arg(m_name));
        return;
    }
    m_typed->setEnabled(false);
    m_delete->setEnabled(false);
    whenDone(m_remove(), this, [this](Result<void> removed) {
        if (removed) {
            accept();
            return;
        }
        m_typed->setEnabled(true);
        validate();
        m_problem->showProblem(removed.error().detail());
    });
}

} // namespace hublet::ui
