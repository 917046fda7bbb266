// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QAction;
class QLabel;
class QVBoxLayout;

namespace hublet::ui {

/// What stands in place of an empty list: what is missing and the next step, if there is one to press.
class EmptyPage : public QWidget {
    Q_OBJECT
public:
    explicit EmptyPage(QWidget* parent = nullptr);

    /// Plain texts.
    void setText(const QString& heading, const QString& text);
    /// The steps offered, as buttons that follow their actions. The actions must outlive the page.
    void setSteps(const QList<QAction*>& steps);

private:
    QLabel* m_heading;
    QLabel* m_text;
    QVBoxLayout* m_steps;
};

} // namespace hublet::ui
