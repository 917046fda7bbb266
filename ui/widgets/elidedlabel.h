// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

namespace hublet::ui {

/// One line of plain text that gives up its middle when there is no room; then the tip has all of it.
class ElidedLabel : public QWidget {
    Q_OBJECT
public:
    /// `scale`: of the font, 1 is the usual size.
    explicit ElidedLabel(double scale = 1, bool bold = false, QWidget* parent = nullptr);

    void setText(const QString& text);
    [[nodiscard]] const QString& text() const { return m_text; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void updateToolTip();

    QString m_text;
};

} // namespace hublet::ui
