// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/filedrop.h"

#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QUrl>
#include <QWidget>

namespace hublet::ui {

namespace {

constexpr int HintMargin = 12; ///< around the text and from the border of the area

QStringList localPaths(const QMimeData& data)
{
    QStringList paths;
    for (const QUrl& url : data.urls()) {
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    }
    return paths;
}

} // namespace

FileDrop::FileDrop(QWidget* area, std::function<QString(const QPoint&)> describe)
    : QObject(area), m_area(area), m_describe(std::move(describe)), m_hint(new QLabel(area))
{
    m_hint->setTextFormat(Qt::PlainText);
    m_hint->setMargin(HintMargin);
    m_hint->setAutoFillBackground(true);
    m_hint->setBackgroundRole(QPalette::Highlight);
    m_hint->setForegroundRole(QPalette::HighlightedText);
    m_hint->hide();
    area->setAcceptDrops(true);
    area->installEventFilter(this);
}

bool FileDrop::eventFilter(QObject*, QEvent* event)
{
    switch (event->type()) {
    case QEvent::DragEnter:
    case QEvent::DragMove:
        return hover(static_cast<QDropEvent&>(*event));
    case QEvent::DragLeave:
        m_hint->hide();
        return true;
    case QEvent::Drop: {
        auto& drop = static_cast<QDropEvent&>(*event);
        m_hint->hide();
        drop.setDropAction(Qt::CopyAction); // the files stay where they are
        drop.accept();
        emit dropped(drop.position().toPoint(), localPaths(*drop.mimeData()));
        return true;
    }
    default:
        return false;
    }
}

bool FileDrop::hover(QDropEvent& event)
{
    const QString text =
        localPaths(*event.mimeData()).isEmpty() ? QString() : m_describe(event.position().toPoint());
    // A refused enter would keep the moves away, also from places that take the drop.
    const bool isEnter = event.type() == QEvent::DragEnter;
    event.setDropAction(Qt::CopyAction);
    event.setAccepted(!text.isEmpty() || (isEnter && event.mimeData()->hasUrls()));
    m_hint->setText(text);
    m_hint->adjustSize();
    m_hint->move(HintMargin, m_area->height() - m_hint->height() - HintMargin);
    m_hint->raise();
    m_hint->setVisible(!text.isEmpty());
    return true;
}

} // namespace hublet::ui
