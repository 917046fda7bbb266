// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QDialog>
#include <QFuture>

#include <functional>

class QDialogButtonBox;
class QLineEdit;
class QPushButton;

namespace hublet::ui {

class ProblemLine;

/// Deletes something after the user has typed its name. Stays open and says what is wrong when it did not
/// work.
class DeleteDialog : public QDialog {
    Q_OBJECT
public:
    /// `what`: "the model acme/bert-tiny"; `consequence`: what is lost with it; `name`: what must be typed.
    DeleteDialog(const QString& what, const QString& consequence, const QString& name,
                 std::function<QFuture<Result<void>>()> remove, QWidget* parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    void validate();
    void removeNow();

    const QString m_name;
    const std::function<QFuture<Result<void>>()> m_remove;
    QLineEdit* m_typed;
    ProblemLine* m_problem;
    QDialogButtonBox* m_buttons;
    QPushButton* m_delete;
};

} // namespace hublet::ui
