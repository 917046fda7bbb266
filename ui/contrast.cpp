// SPDX-License-Identifier: Apache-2.0
#include "ui/contrast.h"

#include <QApplication>
#include <QEvent>
#include <QPalette>

namespace hublet::ui {

namespace {

constexpr double TextShare = 0.65; ///< of black on white: 6 to 1

QColor mixed(const QColor& text, const QColor& base)
{
    const auto channel = [](int a, int b) { return int(TextShare * a + (1 - TextShare) * b); };
    return {channel(text.red(), base.red()), channel(text.green(), base.green()),
            channel(text.blue(), base.blue())};
}

class PaletteKeeper : public QObject {
public:
    using QObject::QObject;

    bool eventFilter(QObject* watched, QEvent* event) override
    {
        if (watched == qApp && event->type() == QEvent::ApplicationPaletteChange)
            apply();
        return false;
    }

    static void apply()
    {
        QPalette palette = QApplication::palette();
        const QColor wanted = mixed(palette.color(QPalette::Text), palette.color(QPalette::Base));
        if (palette.color(QPalette::PlaceholderText) == wanted)
            return;
        palette.setColor(QPalette::PlaceholderText, wanted);
        QApplication::setPalette(palette);
    }
};

} // namespace

void keepFaintTextReadable(QApplication& application)
{
    application.installEventFilter(new PaletteKeeper(&application));
    PaletteKeeper::apply();
}

} // namespace hublet::ui
