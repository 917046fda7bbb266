// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QTextBrowser>

namespace hublet::ui {

/// Shows a model or dataset card: Markdown without HTML, no remote or local content loaded, links inert until
/// the user says so. The text comes from strangers.
class CardView : public QTextBrowser {
    Q_OBJECT
public:
    explicit CardView(QWidget* parent = nullptr);

    /// `readme`: the whole file, front matter included (it is left out).
    void showCard(const QByteArray& readme);
    /// A sentence in place of a card.
    void showMessage(const QString& message);

    /// The Markdown below the front matter.
    [[nodiscard]] static QString withoutFrontMatter(const QByteArray& readme);

protected:
    /// Nothing is loaded, whatever the document names.
    QVariant loadResource(int type, const QUrl& name) override;

private:
    void tidyTables();
    void tidyBlocks();
    void askAndOpen(const QUrl& link);

    QByteArray m_shown; ///< the file as given; empty for a message
};

} // namespace hublet::ui
