// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/problemline.h"

#include <QLayout>

namespace hublet::ui {

ProblemLine::ProblemLine(QWidget* parent) : QLabel(parent)
{
    setObjectName(QStringLiteral("problem"));
    setTextFormat(Qt::PlainText);
    setWordWrap(true);
    setAlignment(Qt::AlignLeading | Qt::AlignTop);
}

void ProblemLine::showProblem(const QString& problem)
{
    setText(problem);
    QWidget* dialog = window();
    QLayout* layout = dialog->layout();
    if (!dialog->isVisible() || !layout)
        return; // showing it asks for the right size
    layout->activate();
    const int needed = layout->totalHeightForWidth(dialog->width());
    if (needed > dialog->height())
        dialog->resize(dialog->width(), needed);
}

} // namespace hublet::ui
