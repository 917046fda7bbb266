// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QHash>
#include <QSet>
#include <QWidget>

#include <utility>

class QFormLayout;
class QLabel;

namespace hublet::ui {

/// Names and values below each other; every value can be selected and copied. Values are plain text.
class FactsForm : public QWidget {
    Q_OBJECT
public:
    explicit FactsForm(QWidget* parent = nullptr);

    enum class LateFacts { Forget, Keep };
    /// Takes all rows out. Kept late facts show what they said until they say something new: for the same
    /// thing shown again.
    void clear(LateFacts late = LateFacts::Forget);
    void addFact(const QString& name, const QString& value, const QString& toolTip = {});
    /// A fact that is not known yet: a place for it, to be filled by setLateFact() before the next clear().
    void addLateFact(const QString& name);
    void setLateFact(const QString& name, const QString& value, const QString& toolTip = {});
    /// A control of the caller's. clear() takes it out of the form and neither deletes nor hides it, so that
    /// it keeps the focus when it is added again.
    void addControl(const QString& name, QWidget* control);
    /// A long id: shown short in a fixed-width font, with a button that copies all of it.
    void addId(const QString& name, const QString& id, int shownCharacters = 12);
    /// An address: shown whole, with a copy button.
    void addAddress(const QString& name, const QString& address);

private:
    QLabel* addValue(const QString& name, const QString& value, const QString& toolTip);
    void addCopied(const QString& name, QLabel* value, const QString& copied);
    void addRow(const QString& name, QWidget* value);

    QFormLayout* m_form;
    QHash<QString, QLabel*> m_late;                     ///< by name
    QHash<QString, std::pair<QString, QString>> m_kept; ///< value and tool tip of late facts, by name
    QSet<QWidget*> m_controls;
};

} // namespace hublet::ui
