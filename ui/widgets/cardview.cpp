// SPDX-License-Identifier: Apache-2.0
#include "ui/widgets/cardview.h"

#include "ui/widgets/cardtext.h"

#include <QDesktopServices>
#include <QImage>
#include <QMessageBox>
#include <QTextBlock>
#include <QTextDocument>
#include <QTextTable>

namespace hublet::ui {

CardView::CardView(QWidget* parent) : QTextBrowser(parent)
{
    setObjectName(QStringLiteral("card"));
    setAccessibleName(tr("Card"));
    setOpenLinks(false);
    setOpenExternalLinks(false);
    setFrameShape(QFrame::NoFrame);
    document()->setDocumentMargin(12);
    connect(this, &QTextBrowser::anchorClicked, this, &CardView::askAndOpen);
}

void CardView::showCard(const QByteArray& readme)
{
    if (readme == m_shown)
        return; // keeps the reader's place
    m_shown = readme;
    document()->setMarkdown(withoutTagsAndImages(withoutFrontMatter(readme)),
                            QTextDocument::MarkdownFeatures(QTextDocument::MarkdownDialectGitHub) |
                                QTextDocument::MarkdownNoHTML);
    tidyTables();
    tidyBlocks();
    moveCursor(QTextCursor::Start);
}

/// Markdown tables come without any room in their cells.
void CardView::tidyTables()
{
    constexpr double Padding = 5;
    for (QTextFrame* frame : document()->rootFrame()->childFrames()) {
        auto* table = qobject_cast<QTextTable*>(frame);
        if (!table)
            continue;
        QTextTableFormat format = table->format();
        format.setCellPadding(Padding);
        format.setCellSpacing(0);
        format.setBorderCollapse(true);
        format.setBorder(1);
        format.setBorderStyle(QTextFrameFormat::BorderStyle_Solid);
        format.setBorderBrush(palette().brush(QPalette::Mid));
        format.setTopMargin(Padding);
        format.setBottomMargin(Padding);
        table->setFormat(format);
    }
}

/// Markdown headings and code come without any room around them.
void CardView::tidyBlocks()
{
    constexpr double Room = 10;
    const auto isCode = [](const QTextBlock& block) {
        return block.isValid() && (block.blockFormat().hasProperty(QTextFormat::BlockCodeFence) ||
                                   block.blockFormat().hasProperty(QTextFormat::BlockCodeLanguage));
    };
    for (QTextBlock block = document()->begin(); block.isValid(); block = block.next()) {
        QTextBlockFormat format = block.blockFormat();
        if (format.headingLevel() > 0 && block.blockNumber() > 0) {
            format.setTopMargin(2 * Room);
            format.setBottomMargin(Room / 2);
        } else if (isCode(block)) {
            format.setBackground(palette().brush(QPalette::AlternateBase));
            format.setTopMargin(isCode(block.previous()) ? 0 : Room);
            format.setBottomMargin(isCode(block.next()) ? 0 : Room);
        } else {
            continue;
        }
        QTextCursor(block).setBlockFormat(format);
    }
}

void CardView::showMessage(const QString& message)
{
    m_shown.clear();
    setPlainText(message);
}

QString CardView::withoutFrontMatter(const QByteArray& readme)
{
    QString text = QString::fromUtf8(readme);
    text.replace(QStringLiteral("\r\n"), QStringLiteral("\n"));
    if (!text.startsWith(QStringLiteral("---\n")))
        return text;
    const qsizetype end = text.indexOf(QStringLiteral("\n---\n"), 3);
    return end < 0 ? text : text.mid(end + 5);
}

QVariant CardView::loadResource(int type, const QUrl&)
{
    // Something valid, always: QTextDocument reads the local file itself when it gets nothing.
    if (type == QTextDocument::ImageResource) {
        QImage nothing(1, 1, QImage::Format_ARGB32);
        nothing.fill(Qt::transparent);
        return nothing;
    }
    return QByteArray("");
}

void CardView::askAndOpen(const QUrl& link)
{
    if (link.isRelative() && link.hasFragment()) {
        scrollToAnchor(link.fragment());
        return;
    }
    if (link.scheme() != u"https" && link.scheme() != u"http")
        return;
    QMessageBox question(QMessageBox::Question, tr("Open link"), tr("Open this address in the browser?"),
                         QMessageBox::Open | QMessageBox::Cancel, this);
    question.setInformativeText(link.toDisplayString(QUrl::FullyEncoded));
    question.setTextFormat(Qt::PlainText);
    question.setDefaultButton(QMessageBox::Cancel);
    if (question.exec() == QMessageBox::Open)
        QDesktopServices::openUrl(link);
}

} // namespace hublet::ui
