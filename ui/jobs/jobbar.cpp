// SPDX-License-Identifier: Apache-2.0
#include "ui/jobs/jobbar.h"

#include "ui/jobs/jobrow.h"

#include <QVBoxLayout>

namespace hublet::ui {

JobBar::JobBar(QWidget* parent) : QWidget(parent), m_rows(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("jobs"));
    m_rows->setContentsMargins(0, 0, 0, 0);
    m_rows->setSpacing(0);
    hide();
}

void JobBar::add(Job* job)
{
    auto* row = new JobRow(job);
    m_rows->addWidget(row);
    show();
    connect(row, &JobRow::closed, this, [this, row] {
        m_rows->removeWidget(row);
        row->deleteLater();
        setVisible(m_rows->count() > 0);
    });
}

} // namespace hublet::ui
