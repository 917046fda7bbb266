// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLabel>

namespace hublet::ui {

/// Plain text to read, select and copy that wraps at any width: long names and addresses have no spaces to
/// wrap at. What is copied is the text as it was given.
class WrapLabel : public QLabel {
    Q_OBJECT
public:
    explicit WrapLabel(const QString& text, QWidget* parent = nullptr);

    /// `text` with places to wrap at, none of which can be seen.
    [[nodiscard]] static QString wrappable(const QString& text);
    /// The text of a label, without them.
    [[nodiscard]] static QString plain(QString text);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;

private:
    void copySelected() const;
};

} // namespace hublet::ui
