// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/symbolicicon.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPalette>
#include <QPixmapCache>
#include <QSvgRenderer>

namespace hublet::ui {

namespace {

constexpr double DisabledOpacity = 0.4;

class SymbolicIconEngine : public QIconEngine {
public:
    explicit SymbolicIconEngine(QString name) : m_name(std::move(name)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override
    {
        const qreal scale = painter->device()->devicePixelRatioF();
        QPixmap drawn = scaledPixmap(rect.size() * scale, mode, state, scale);
        drawn.setDevicePixelRatio(scale);
        painter->drawPixmap(rect, drawn);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1);
    }

    /// `size` is in device pixels.
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal) override
    {
        const QColor selected = QGuiApplication::palette().color(QPalette::HighlightedText);
        const QString key = QStringLiteral("hublet/%1/%2x%3/%4/%5")
                                .arg(m_name)
                                .arg(size.width())
                                .arg(size.height())
                                .arg(int(mode))
                                .arg(selected.rgba());
        QPixmap drawn;
        if (!QPixmapCache::find(key, &drawn)) {
            drawn = draw(size, mode, selected);
            QPixmapCache::insert(key, drawn);
        }
        return drawn;
    }

    [[nodiscard]] QIconEngine* clone() const override { return new SymbolicIconEngine(m_name); }

private:
    [[nodiscard]] QPixmap draw(const QSize& size, QIcon::Mode mode, const QColor& selected) const
    {
        QPixmap drawn(size);
        drawn.fill(Qt::transparent);
        QPainter painter(&drawn);
        if (mode == QIcon::Disabled)
            painter.setOpacity(DisabledOpacity);
        QSvgRenderer(QStringLiteral(":/icons/%1.svg").arg(m_name)).render(&painter);
        if (mode == QIcon::Selected) {
            painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
            painter.fillRect(drawn.rect(), selected);
        }
        return drawn;
    }

    const QString m_name;
};

} // namespace

QIcon symbolicIcon(const QString& name)
{
    return QIcon(new SymbolicIconEngine(name));
}

} // namespace hublet::ui
