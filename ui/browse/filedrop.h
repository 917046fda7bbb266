// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QPoint>
#include <QStringList>

#include <functional>

class QDropEvent;
class QLabel;
class QWidget;

namespace hublet::ui {

/// Lets files and folders of this machine be dropped on a widget, and says while they hover what would
/// happen.
class FileDrop : public QObject {
    Q_OBJECT
public:
    /// `describe`: what a drop at this place of `area` would do, as a sentence; empty: nothing, refused.
    FileDrop(QWidget* area, std::function<QString(const QPoint&)> describe);

    bool eventFilter(QObject* watched, QEvent* event) override;

signals:
    /// Absolute paths of what was dropped, at a place of the area.
    void dropped(const QPoint& position, const QStringList& paths);

private:
    bool hover(QDropEvent& event);

    QWidget* m_area;
    const std::function<QString(const QPoint&)> m_describe;
    QLabel* m_hint;
};

} // namespace hublet::ui
