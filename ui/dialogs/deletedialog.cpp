// SPDX-License-Identifier: Apache-2.0
#include "ui/dialogs/deletedialog.h"

#include "ui/whendone.h"

#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace hublet::ui {

DeleteDialog::DeleteDialog(const QString& what, const QString& consequence, const QString& name,
                           std::function<QFuture<Result<void>>()> remove, QWidget* parent)
    : QDialog(parent), m_name(name), m_remove(std::move(remove)), m_typed(new QLineEdit),
      m_problem(new QLabel), m_buttons(new QDialogButtonBox(QDialogButtonBox::Cancel))
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
    m_problem->setObjectName(QStringLiteral("problem"));
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    QPushButton* deleteButton = m_buttons->addButton(tr("Delete"), QDialogButtonBox::DestructiveRole);
    deleteButton->setObjectName(QStringLiteral("deleteButton"));

    auto* layout = new QVBoxLayout(this);
    layout->addWidget(heading);
    layout->addWidget(plain(consequence));
    layout->addSpacing(8);
    if (!name.isEmpty())
        layout->addWidget(plain(tr("Type %1 to confirm:").arg(name)));
    layout->addWidget(m_typed);
    m_typed->setVisible(!name.isEmpty());
    layout->addWidget(m_problem);
    layout->addWidget(m_buttons);

    connect(m_typed, &QLineEdit::textChanged, this, &DeleteDialog::validate);
    connect(m_typed, &QLineEdit::returnPressed, this, &DeleteDialog::removeNow);
    connect(deleteButton, &QPushButton::clicked, this, &DeleteDialog::removeNow);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    validate();
}

void DeleteDialog::validate()
{
    findChild<QPushButton*>(QStringLiteral("deleteButton"))->setEnabled(m_typed->text() == m_name);
}

void DeleteDialog::removeNow()
{
    if (m_typed->text() != m_name || !m_typed->isEnabled())
        return;
    m_typed->setEnabled(false);
    findChild<QPushButton*>(QStringLiteral("deleteButton"))->setEnabled(false);
    whenDone(m_remove(), this, [this](Result<void> removed) {
        if (removed) {
            accept();
            return;
        }
        m_problem->setText(removed.error().detail());
        m_typed->setEnabled(true);
        validate();
    });
}

} // namespace hublet::ui
