// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QLabel>

namespace hublet::ui {

/// The line of a dialog that says what is wrong, as plain text. The dialog grows as far as the text needs: a
/// wrapping label by itself changes no window, and its second line would be cut.
class ProblemLine : public QLabel {
    Q_OBJECT
public:
    explicit ProblemLine(QWidget* parent = nullptr);

    /// Empty: nothing is wrong.
    void showProblem(const QString& problem);
};

} // namespace hublet::ui
