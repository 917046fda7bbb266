// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/copybutton.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QTimer>

namespace hublet::ui {

namespace {
constexpr int ConfirmMs = 1500;
}

CopyButton::CopyButton(const QString& what, std::function<QString()> text, QWidget* parent)
    : QToolButton(parent)
{
    const QIcon copy(QStringLiteral(":/icons/copy.svg"));
    setIcon(copy);
    setAutoRaise(true);
    setToolTip(tr("Copy %1").arg(what));
    setAccessibleName(toolTip());
    connect(this, &QToolButton::clicked, this, [this, copy, text = std::move(text)] {
        QGuiApplication::clipboard()->setText(text());
        setIcon(QIcon(QStringLiteral(":/icons/done.svg")));
        QTimer::singleShot(ConfirmMs, this, [this, copy] { setIcon(copy); });
    });
}

} // namespace hublet::ui
