// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/factsform.h"

#include "ui/widgets/copybutton.h"

#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>

namespace hublet::ui {

namespace {

QLabel* valueLabel(const QString& text, const QString& accessibleName)
{
    auto* label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    label->setWordWrap(true);
    label->setAccessibleName(accessibleName);
    return label;
}

} // namespace

FactsForm::FactsForm(QWidget* parent) : QWidget(parent), m_form(new QFormLayout(this))
{
    m_form->setLabelAlignment(Qt::AlignRight | Qt::AlignTop);
    m_form->setFormAlignment(Qt::AlignLeft | Qt::AlignTop);
    m_form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    m_form->setContentsMargins(12, 12, 12, 12);
    m_form->setHorizontalSpacing(16);
}

void FactsForm::clear()
{
    while (m_form->rowCount() > 0)
        m_form->removeRow(0);
}

void FactsForm::addFact(const QString& name, const QString& value, const QString& toolTip)
{
    QLabel* label = valueLabel(value, name);
    if (!toolTip.isEmpty())
        label->setToolTip(toolTip);
    m_form->addRow(name, label);
}

void FactsForm::addId(const QString& name, const QString& id, int shownCharacters)
{
    addRow(name, id.size() > shownCharacters ? id.left(shownCharacters) + u'…' : id, id, true);
}

void FactsForm::addAddress(const QString& name, const QString& address)
{
    addRow(name, address, address, false);
}

void FactsForm::addRow(const QString& name, const QString& shown, const QString& copied, bool fixedWidth)
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    QLabel* label = valueLabel(shown, name);
    if (fixedWidth) {
        label->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
        label->setToolTip(copied);
        label->setWordWrap(false);
    }
    layout->addWidget(label, fixedWidth ? 0 : 1);
    layout->addWidget(new CopyButton(name, [copied] { return copied; }), 0, Qt::AlignTop);
    if (fixedWidth)
        layout->addStretch(1);
    m_form->addRow(name, row);
}

} // namespace hublet::ui
