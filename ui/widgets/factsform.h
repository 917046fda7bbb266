// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QWidget>

class QFormLayout;
class QLabel;

namespace hublet::ui {

/// Names and values below each other; every value can be selected and copied. Values are plain text.
class FactsForm : public QWidget {
    Q_OBJECT
public:
    explicit FactsForm(QWidget* parent = nullptr);

    void clear();
    void addFact(const QString& name, const QString& value, const QString& toolTip = {});
    /// A long id: shown short in a fixed-width font, with a button that copies all of it.
    void addId(const QString& name, const QString& id, int shownCharacters = 12);
    /// An address: shown whole, with a copy button.
    void addAddress(const QString& name, const QString& address);

private:
    void addCopied(const QString& name, QLabel* value, const QString& copied);
    void addRow(const QString& name, QWidget* value);

    QFormLayout* m_form;
};

} // namespace hublet::ui
