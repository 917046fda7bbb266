// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/copybutton.h"

#include "ui/widgets/symbolicicon.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTimer>
#include <QToolTip>

namespace hublet::ui {

namespace {
constexpr int ConfirmMs = 1500;
}

CopyButton::CopyButton(const QString& what, std::function<QString()> text, QWidget* parent)
    : QToolButton(parent)
{
    const QIcon copy = symbolicIcon(QStringLiteral("copy"));
    setIcon(copy);
    setAutoRaise(true);
    setToolTip(tr("Copy %1").arg(what));
    setAccessibleName(toolTip());
    connect(this, &QToolButton::clicked, this, [this, copy, text = std::move(text)] {
        QGuiApplication::clipboard()->setText(text());
        setIcon(symbolicIcon(QStringLiteral("done")));
        QToolTip::showText(mapToGlobal(QPoint(0, height())), tr("Copied"), this, {}, ConfirmMs);
        QTimer::singleShot(ConfirmMs, this, [this, copy] { setIcon(copy); });
    });
}

} // namespace hublet::ui
