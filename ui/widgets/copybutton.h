// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QToolButton>

#include <functional>

namespace hublet::ui {

/// A small button that copies a text to the clipboard and says so for a moment.
class CopyButton : public QToolButton {
    Q_OBJECT
public:
    /// `what`: "the address", for the tool tip and screen readers; `text` is asked when the button is
    /// pressed.
    CopyButton(const QString& what, std::function<QString()> text, QWidget* parent = nullptr);
};

} // namespace hublet::ui
