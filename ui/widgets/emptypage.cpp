// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/emptypage.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace hublet::ui {

namespace {

constexpr double HeadingScale = 1.2;
constexpr int TextCharacters = 56; ///< of a line, at most

QLabel* centred()
{
    auto* label = new QLabel;
    label->setTextFormat(Qt::PlainText);
    label->setAlignment(Qt::AlignCenter);
    label->setWordWrap(true);
    label->setMaximumWidth(label->fontMetrics().averageCharWidth() * TextCharacters);
    label->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    return label;
}

} // namespace

EmptyPage::EmptyPage(QWidget* parent)
    : QWidget(parent), m_heading(centred()), m_text(centred()), m_steps(new QVBoxLayout)
{
    setBackgroundRole(QPalette::Base);
    setAutoFillBackground(true);
    QFont font = m_heading->font();
    font.setPointSizeF(font.pointSizeF() * HeadingScale);
    font.setBold(true);
    m_heading->setFont(font);
    m_text->setForegroundRole(QPalette::PlaceholderText);

    auto* column = new QVBoxLayout;
    column->setSpacing(8);
    column->addStretch(2);
    column->addWidget(m_heading);
    column->addWidget(m_text);
    column->addSpacing(8);
    column->addLayout(m_steps);
    column->addStretch(3);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->addStretch(1);
    layout->addLayout(column, 100);
    layout->addStretch(1);
}

void EmptyPage::setText(const QString& heading, const QString& text)
{
    m_heading->setText(heading);
    m_text->setText(text);
    setAccessibleName(heading);
    setAccessibleDescription(text);
}

void EmptyPage::setSteps(const QList<QAction*>& steps)
{
    while (QLayoutItem* item = m_steps->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (QAction* step : steps) {
        auto* button = new QPushButton(step->icon(), step->text());
        connect(button, &QPushButton::clicked, step, &QAction::trigger);
        m_steps->addWidget(button, 0, Qt::AlignHCenter);
    }
}

} // namespace hublet::ui
