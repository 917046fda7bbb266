// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QVBoxLayout;

namespace hublet::ui {

class Job;

/// The window's own jobs, one row each, at the bottom of every page; not there at all while there are none.
class JobBar : public QWidget {
    Q_OBJECT
public:
    explicit JobBar(QWidget* parent = nullptr);

    /// Takes the job over: it ends with the bar.
    void add(Job* job);

private:
    QVBoxLayout* m_rows;
};

} // namespace hublet::ui
