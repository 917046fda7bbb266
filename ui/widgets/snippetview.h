// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QPlainTextEdit>

namespace hublet::ui {

/// Lines to copy into a shell or an editor: fixed width, never wrapped, as high as they are. What is wider
/// than the view scrolls.
class SnippetView : public QPlainTextEdit {
    Q_OBJECT
public:
    SnippetView(const QString& text, const QString& accessibleName, QWidget* parent = nullptr);

    /// Width in which nothing has to scroll, in pixels.
    [[nodiscard]] int contentWidth() const;
};

} // namespace hublet::ui
