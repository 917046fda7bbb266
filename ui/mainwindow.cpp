// SPDX-License-Identifier: Apache-2.0
#include "ui/mainwindow.h"

#include "core/base/humanformat.h"
#include "core/service/servercontrol.h"
#include "core/service/services.h"
#include "ui/browse/browsewidget.h"
#include "ui/serverbar.h"
#include "ui/transfers/transfermodel.h"
#include "ui/transfers/transferspage.h"

#include <QApplication>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QListWidget>
#include <QMenuBar>
#include <QMessageBox>
#include <QSettings>
#include <QStackedWidget>
#include <QStatusBar>
#include <QToolBar>
#include <QToolButton>

namespace hublet::ui {

namespace {

constexpr int MessageMs = 6000;
constexpr QSize FirstSize(1180, 720);

QString summaryText(const QString& arrow, const TransferModel::Summary& summary, const QString& several)
{
    if (summary.running == 0)
        return {};
    const QString rate = humanSize(qint64(summary.bytesPerSecond)) + QStringLiteral("/s");
    if (summary.running > 1)
        return arrow + u' ' + several + QStringLiteral("  ") + rate;
    const QString percent = summary.percent >= 0 ? QStringLiteral("  %1 %").arg(summary.percent) : QString();
    return arrow + u' ' + summary.name + percent + QStringLiteral("  ") + rate;
}

} // namespace

MainWindow::MainWindow(service::Services& services, service::ServerControl& server, QWidget* parent)
    : QMainWindow(parent), m_services(services), m_server(server),
      m_browse(new BrowseWidget(services, server)),
      m_transfers(new TransferModel(services.transfers(), this)), m_pages(new QListWidget),
      m_stack(new QStackedWidget), m_uploads(new QLabel), m_downloads(new QLabel), m_warning(new QLabel)
{
    setWindowTitle(QStringLiteral("Hublet"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/hublet.svg")));
    setObjectName(QStringLiteral("mainWindow"));

    m_pages->setObjectName(QStringLiteral("pages"));
    m_pages->setAccessibleName(tr("Pages"));
    m_pages->setFrameShape(QFrame::NoFrame);
    m_pages->addItems({tr("Browse"), tr("Transfers")});
    m_pages->setFixedWidth(fontMetrics().horizontalAdvance(QStringLiteral("MMMMMMMMMM")));
    m_stack->addWidget(m_browse);
    m_stack->addWidget(new TransfersPage(*m_transfers));
    connect(m_pages, &QListWidget::currentRowChanged, m_stack, &QStackedWidget::setCurrentIndex);
    m_pages->setCurrentRow(int(Page::Browse));

    auto* central = new QWidget;
    auto* layout = new QHBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_pages);
    layout->addWidget(m_stack, 1);
    setCentralWidget(central);

    buildActions();
    buildToolBar();
    buildStatusBar();
    connect(m_browse, &BrowseWidget::message, this, &MainWindow::tell);
    connect(m_browse, &BrowseWidget::selectionChanged, this, [this] {
        m_delete->setEnabled(m_browse->canDelete());
        m_setMeUp->setEnabled(m_browse->selected().has_value());
    });
    connect(&m_server, &service::ServerControl::stateChanged, this, [this] {
        if (!m_server.problem().isEmpty())
            m_warning->setText(tr("⚠ %1").arg(m_server.problem()));
        else
            m_warning->clear();
    });
    connect(&services.events(), &service::EventBus::storeBecameReadOnly, this, [this](const QString& reason) {
        m_warning->setText(tr("⚠ Nothing can be stored until Hublet is restarted: %1").arg(reason));
    });

    const QSettings settings;
    resize(FirstSize);
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    m_browse->restoreState(settings.value(QStringLiteral("window/browse")).toByteArray());
}

void MainWindow::showPage(Page page)
{
    m_pages->setCurrentRow(int(page));
}

void MainWindow::buildActions()
{
    m_newPackage = new QAction(tr("New &Package…"), this);
    m_newPackage->setShortcut(QKeySequence::New);
    connect(m_newPackage, &QAction::triggered, m_browse, &BrowseWidget::newPackage);
    m_newRepository = new QAction(tr("New &Repository…"), this);
    m_newRepository->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N));
    connect(m_newRepository, &QAction::triggered, m_browse, &BrowseWidget::newRepository);
    m_delete = new QAction(tr("&Delete…"), this);
    m_delete->setShortcut(QKeySequence::Delete);
    m_delete->setEnabled(false);
    connect(m_delete, &QAction::triggered, m_browse, &BrowseWidget::deleteSelected);
    m_setMeUp = new QAction(tr("&Set Me Up"), this);
    m_setMeUp->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_M));
    m_setMeUp->setEnabled(false);
    connect(m_setMeUp, &QAction::triggered, this, [this] {
        showPage(Page::Browse);
        m_browse->showSetMeUp();
    });

    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({m_newPackage, m_newRepository, m_setMeUp});
    file->addSeparator();
    file->addAction(m_delete);
    file->addSeparator();
    file->addAction(tr("&Quit"), this, &QWidget::close)->setShortcut(QKeySequence::Quit);
    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->addAction(tr("&Browse"), this, [this] { showPage(Page::Browse); })
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_1));
    view->addAction(tr("&Transfers"), this, [this] { showPage(Page::Transfers); })
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_2));
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About Hublet"), this, &MainWindow::about);
}

void MainWindow::buildToolBar()
{
    QToolBar* bar = addToolBar(tr("Server and actions"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setContextMenuPolicy(Qt::PreventContextMenu);
    bar->addWidget(new ServerBar(m_server));
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);
    bar->addAction(m_setMeUp);
    auto* create = new QToolButton;
    create->setObjectName(QStringLiteral("newButton"));
    create->setText(tr("New"));
    create->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(create);
    menu->addActions({m_newPackage, m_newRepository});
    create->setMenu(menu);
    bar->addWidget(create);
}

void MainWindow::buildStatusBar()
{
    m_uploads->setObjectName(QStringLiteral("uploads"));
    m_downloads->setObjectName(QStringLiteral("downloads"));
    m_warning->setObjectName(QStringLiteral("warning"));
    for (QLabel* label : {m_uploads, m_downloads, m_warning})
        label->setTextFormat(Qt::PlainText);
    statusBar()->addWidget(m_uploads);
    statusBar()->addWidget(m_downloads);
    statusBar()->addPermanentWidget(m_warning);
    if (!m_services.warnings().isEmpty()) {
        m_warning->setText(tr("⚠ %n warning(s)", nullptr, int(m_services.warnings().size())));
        m_warning->setToolTip(m_services.warnings().join(u'\n').toHtmlEscaped());
    }
    connect(m_transfers, &TransferModel::summaryChanged, this, &MainWindow::showTransferSummary);
}

void MainWindow::showTransferSummary()
{
    using service::TransferDirection;
    const auto up = m_transfers->summary(TransferDirection::Upload);
    const auto down = m_transfers->summary(TransferDirection::Download);
    m_uploads->setText(summaryText(QStringLiteral("↑"), up, tr("%n upload(s)", nullptr, up.running)));
    m_downloads->setText(summaryText(QStringLiteral("↓"), down, tr("%n download(s)", nullptr, down.running)));
}

void MainWindow::tell(const QString& text)
{
    statusBar()->showMessage(text, MessageMs);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    using service::TransferDirection;
    const int running = m_transfers->summary(TransferDirection::Upload).running +
                        m_transfers->summary(TransferDirection::Download).running;
    if (running > 0) {
        const auto answer = QMessageBox::question(
            this, tr("Quit"),
            tr("%n transfer(s) are running and would be cut off. Quit all the same?", nullptr, running),
            QMessageBox::Yes | QMessageBox::No, QMessageBox::No);
        if (answer != QMessageBox::Yes) {
            event->ignore();
            return;
        }
    }
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/browse"), m_browse->saveState());
    event->accept();
}

void MainWindow::about()
{
    QMessageBox::about(
        this, tr("About Hublet"),
        tr("<h3>Hublet %1</h3><p>Keeps your models and datasets and serves them to Hugging Face clients.</p>"
           "<p>Apache License 2.0. Not affiliated with Hugging Face or JFrog.</p>")
            .arg(QApplication::applicationVersion()));
}

} // namespace hublet::ui
