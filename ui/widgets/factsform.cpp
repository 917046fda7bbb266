// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/factsform.h"

#include "ui/widgets/copybutton.h"
#include "ui/widgets/wraplabel.h"

#include <QFontDatabase>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>

namespace hublet::ui {

namespace {

const QString Placeholder = QStringLiteral("…");
constexpr int RowPadding = 3; // above and below the text, so that rows with and without a button line up

void pad(QLabel* label)
{
    label->setContentsMargins(0, RowPadding, 0, RowPadding);
    label->setAlignment(Qt::AlignLeft | Qt::AlignTop);
}

QLabel* valueLabel(const QString& text, const QString& accessibleName)
{
    auto* label = new WrapLabel(text);
    pad(label);
    label->setFocusPolicy(Qt::ClickFocus); // or every value would be a stop of the Tab key
    // Takes the width there is: a wrapping label left to itself asks for too little and cuts its text.
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    label->setSizePolicy(policy);
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
    m_form->setVerticalSpacing(2);
}

void FactsForm::clear(LateFacts late)
{
    m_late.clear();
    if (late == LateFacts::Forget)
        m_kept.clear();
    while (m_form->rowCount() > 0) {
        const QFormLayout::TakeRowResult row = m_form->takeRow(0);
        for (QLayoutItem* item : {row.labelItem, row.fieldItem}) {
            if (!m_controls.contains(item->widget()))
                delete item->widget();
            delete item;
        }
    }
    m_controls.clear();
}

void FactsForm::addFact(const QString& name, const QString& value, const QString& toolTip)
{
    (void)addValue(name, value, toolTip);
}

QLabel* FactsForm::addValue(const QString& name, const QString& value, const QString& toolTip)
{
    QLabel* label = valueLabel(value, name);
    label->setToolTip(toolTip);
    addRow(name, label);
    return label;
}

void FactsForm::addLateFact(const QString& name)
{
    const auto [value, toolTip] = m_kept.value(name, {Placeholder, {}});
    m_late.insert(name, addValue(name, value, toolTip));
}

void FactsForm::setLateFact(const QString& name, const QString& value, const QString& toolTip)
{
    m_kept.insert(name, {value, toolTip});
    if (QLabel* label = m_late.value(name)) {
        label->setText(WrapLabel::wrappable(value));
        label->setToolTip(toolTip);
    }
}

void FactsForm::addControl(const QString& name, QWidget* control)
{
    m_controls.insert(control);
    addRow(name, control);
}

void FactsForm::addId(const QString& name, const QString& id, int shownCharacters)
{
    QLabel* label = valueLabel({}, name);
    label->setText(id.size() > shownCharacters ? id.left(shownCharacters) + u'…' : id);
    label->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    label->setToolTip(id);
    label->setWordWrap(false);
    label->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    addCopied(name, label, id);
}

void FactsForm::addAddress(const QString& name, const QString& address)
{
    addCopied(name, valueLabel(address, name), address);
}

void FactsForm::addCopied(const QString& name, QLabel* value, const QString& copied)
{
    auto* row = new QWidget;
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    auto* button = new CopyButton(name, [copied] { return copied; });
    const int height = fontMetrics().lineSpacing() + 2 * RowPadding;
    button->setFixedSize(height, height);
    layout->addWidget(value, value->wordWrap() ? 1 : 0);
    layout->addWidget(button, 0, Qt::AlignTop);
    if (!value->wordWrap())
        layout->addStretch(1);
    addRow(name, row);
}

void FactsForm::addRow(const QString& name, QWidget* value)
{
    auto* label = new QLabel(name);
    label->setTextFormat(Qt::PlainText);
    pad(label);
    label->setForegroundRole(QPalette::PlaceholderText);
    m_form->addRow(label, value);
}

} // namespace hublet::ui
