// SPDX-License-Identifier: Apache-2.0
#include "ui/mainwindow.h"

#include "core/base/humanformat.h"
#include "core/service/context/servercontrol.h"
#include "core/service/services.h"
#include "ui/browse/browseactions.h"
#include "ui/browse/browsewidget.h"
#include "ui/jobs/job.h"
#include "ui/jobs/jobbar.h"
#include "ui/serverbar.h"
#include "ui/transfers/transfermodel.h"
#include "ui/transfers/transferspage.h"
#include "ui/widgets/symbolicicon.h"

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
#include <QVBoxLayout>

namespace hublet::ui {

namespace {

constexpr int MessageMs = 6000;
constexpr QSize FirstSize(1180, 720);
constexpr int WarningCharacters = 90; ///< shown of a warning; its tip has all
constexpr int PagePadding = 8;        ///< around the name of a page

QString summaryText(const QString& arrow, const TransferModel::Summary& summary, const QString& several)
{
    if (summary.running == 0)
        return {};
    const QString rate = summary.bytesPerSecond < 1
                             ? QString()
                             : QStringLiteral("  %1/s").arg(humanSize(qint64(summary.bytesPerSecond)));
    if (summary.running > 1)
        return arrow + u' ' + several + rate;
    const QString percent = summary.percent >= 0 ? QStringLiteral("  %1 %").arg(summary.percent) : QString();
    return arrow + u' ' + summary.name + percent + rate;
}

} // namespace

MainWindow::MainWindow(service::Services& services, service::ServerControl& server, QWidget* parent)
    : QMainWindow(parent), m_services(services), m_server(server), m_toggle(new QAction(this)),
      m_browse(new BrowseWidget(services, server)),
      m_transfers(new TransferModel(services.transfers(), this)), m_pages(new QListWidget),
      m_stack(new QStackedWidget), m_jobs(new JobBar), m_uploads(new QLabel), m_downloads(new QLabel),
      m_warning(new QLabel)
{
    setWindowTitle(QStringLiteral("Hublet"));
    setWindowIcon(QIcon(QStringLiteral(":/icons/hublet.svg")));
    setObjectName(QStringLiteral("mainWindow"));
    setContextMenuPolicy(Qt::NoContextMenu); // no menu that hides the tool bar

    buildPages();
    auto* pages = new QHBoxLayout;
    pages->setSpacing(0);
    pages->addWidget(m_pages);
    pages->addWidget(m_stack, 1);
    auto* central = new QWidget;
    auto* layout = new QVBoxLayout(central);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(pages, 1);
    layout->addWidget(m_jobs);
    setCentralWidget(central);
    buildMenus();
    buildToolBar();
    buildStatusBar();

    connect(m_browse, &BrowseWidget::message, this, &MainWindow::tell);
    connect(m_browse, &BrowseWidget::started, m_jobs, &JobBar::add);
    for (QAction* action : {m_browse->actions().setMeUp, m_browse->actions().find})
        connect(action, &QAction::triggered, this, [this] { showPage(Page::Browse); });
    connect(&m_server, &service::ServerControl::stateChanged, this, [this] {
        showStartOrStop();
        warn(m_server.problem());
    });
    connect(&services.events(), &service::EventBus::storeBecameReadOnly, this, [this](const QString& reason) {
        warn(tr("Nothing can be stored until Hublet is restarted: %1").arg(reason));
    });

    // Ended from outside, the program does not ask to close the window.
    connect(qApp, &QCoreApplication::aboutToQuit, this, &MainWindow::remember);
    const QSettings settings;
    resize(FirstSize);
    restoreGeometry(settings.value(QStringLiteral("window/geometry")).toByteArray());
    m_browse->restoreState(settings.value(QStringLiteral("window/browse")).toByteArray());
}

void MainWindow::buildPages()
{
    m_pages->setObjectName(QStringLiteral("pages"));
    m_pages->setAccessibleName(tr("Pages"));
    m_pages->setFrameShape(QFrame::NoFrame);
    m_pages->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_pages->viewport()->setBackgroundRole(QPalette::Window);
    m_pages->setStyleSheet(
        QStringLiteral("QListWidget { background: palette(window); padding: 4px; outline: 0; }"
                       "QListWidget::item { padding: %1px; border-radius: 4px; }"
                       "QListWidget::item:selected { background: palette(highlight); color: "
                       "palette(highlighted-text); }")
            .arg(PagePadding));
    new QListWidgetItem(symbolicIcon(QStringLiteral("browse")), tr("Browse"), m_pages);
    new QListWidgetItem(symbolicIcon(QStringLiteral("transfers")), tr("Transfers"), m_pages);
    m_pages->setFixedWidth(m_pages->sizeHintForColumn(0) + 6 * PagePadding);
    const int side = style()->pixelMetric(QStyle::PM_SmallIconSize);
    m_pages->setIconSize(QSize(side, side));
    m_stack->addWidget(m_browse);
    m_stack->addWidget(new TransfersPage(*m_transfers));
    connect(m_pages, &QListWidget::currentRowChanged, m_stack, &QStackedWidget::setCurrentIndex);
    showPage(Page::Browse);
}

void MainWindow::showPage(Page page)
{
    m_pages->setCurrentRow(int(page));
}

void MainWindow::buildMenus()
{
    const BrowseActions& browse = m_browse->actions();
    QMenu* file = menuBar()->addMenu(tr("&File"));
    file->addActions({browse.newPackage, browse.newRepository, browse.newBranch, browse.newTag});
    file->addSeparator();
    file->addActions({browse.uploadFiles, browse.uploadFolder, browse.save});
    file->addSeparator();
    file->addAction(tr("&Quit"), this, &QWidget::close)->setShortcut(QKeySequence::Quit);
    QMenu* edit = menuBar()->addMenu(tr("&Edit"));
    edit->addActions({browse.copyName, browse.copyAddress});
    edit->addSeparator();
    edit->addAction(browse.find);
    edit->addSeparator();
    edit->addAction(browse.remove);
    QMenu* view = menuBar()->addMenu(tr("&View"));
    view->addAction(tr("&Browse"), this, [this] { showPage(Page::Browse); })
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_1));
    view->addAction(tr("&Transfers"), this, [this] { showPage(Page::Transfers); })
        ->setShortcut(QKeySequence(Qt::CTRL | Qt::Key_2));
    view->addSeparator();
    view->addActions({browse.setMeUp, browse.refresh});
    m_toggle->setObjectName(QStringLiteral("serverToggle"));
    m_toggle->setShortcut(QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_S));
    connect(m_toggle, &QAction::triggered, this, &MainWindow::startOrStop);
    menuBar()->addMenu(tr("Se&rver"))->addAction(m_toggle);
    showStartOrStop();
    QMenu* help = menuBar()->addMenu(tr("&Help"));
    help->addAction(tr("&About Hublet"), this, &MainWindow::about);
}

void MainWindow::buildToolBar()
{
    QToolBar* bar = addToolBar(tr("Server and actions"));
    bar->setObjectName(QStringLiteral("toolBar"));
    bar->setMovable(false);
    bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    const int side = style()->pixelMetric(QStyle::PM_SmallIconSize);
    bar->setIconSize(QSize(side, side));
    bar->addWidget(new ServerBar(m_server, *m_toggle));
    auto* space = new QWidget;
    space->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    bar->addWidget(space);

    const BrowseActions& browse = m_browse->actions();
    const auto addMenu = [&](const QString& name, const QString& icon, const QString& text,
                             const QList<QAction*>& actions) {
        auto* button = new QToolButton;
        button->setObjectName(name);
        button->setIcon(symbolicIcon(icon));
        button->setText(text);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setPopupMode(QToolButton::InstantPopup);
        auto* menu = new QMenu(button);
        menu->addActions(actions);
        button->setMenu(menu);
        bar->addWidget(button);
    };
    bar->addAction(browse.setMeUp);
    addMenu(QStringLiteral("uploadMenu"), QStringLiteral("upload"), tr("Upload"),
            {browse.uploadFiles, browse.uploadFolder});
    bar->addAction(browse.save);
    addMenu(QStringLiteral("newMenu"), QStringLiteral("add"), tr("New"),
            {browse.newPackage, browse.newRepository, browse.newBranch, browse.newTag});
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
    warn(QString());
    if (const auto count = int(m_services.warnings().size()); count > 0) {
        auto* notices = new QToolButton;
        notices->setObjectName(QStringLiteral("notices"));
        notices->setIcon(symbolicIcon(QStringLiteral("warning")));
        notices->setText(tr("%n notice(s)", nullptr, count));
        notices->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        notices->setAutoRaise(true);
        connect(notices, &QToolButton::clicked, this, &MainWindow::showNotices);
        statusBar()->addPermanentWidget(notices);
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

/// Stays until something else is wrong or nothing is.
void MainWindow::warn(const QString& problem)
{
    const int width = fontMetrics().averageCharWidth() * WarningCharacters;
    m_warning->setText(problem.isEmpty()
                           ? QString()
                           : QStringLiteral("⚠ ") + fontMetrics().elidedText(problem, Qt::ElideRight, width));
    m_warning->setToolTip(QStringLiteral("<qt>%1</qt>").arg(problem.toHtmlEscaped()));
    m_warning->setVisible(!problem.isEmpty());
}

/// What start-up had to say to the administrator, for whoever asks.
void MainWindow::showNotices()
{
    QMessageBox box(QMessageBox::Information, tr("Notices"),
                    m_services.warnings().join(QStringLiteral("\n\n")), QMessageBox::Close, this);
    box.setTextFormat(Qt::PlainText);
    box.exec();
}

void MainWindow::tell(const QString& text)
{
    statusBar()->showMessage(text, MessageMs);
}

/// Asks before running transfers are cut off, whatever would do it.
bool MainWindow::mayCutTransfers(const QString& title, const QString& question)
{
    using service::TransferDirection;
    const int running = m_transfers->summary(TransferDirection::Upload).running +
                        m_transfers->summary(TransferDirection::Download).running;
    return running == 0 ||
           QMessageBox::question(this, title,
                                 tr("%n transfer(s) are running and would be cut off.", nullptr, running) +
                                     u' ' + question,
                                 QMessageBox::Yes | QMessageBox::No, QMessageBox::No) == QMessageBox::Yes;
}

void MainWindow::startOrStop()
{
    if (m_server.state() != service::ServerControl::State::Serving)
        m_server.start();
    else if (mayCutTransfers(tr("Stop Server"), tr("Stop all the same?")))
        m_server.stop();
}

void MainWindow::showStartOrStop()
{
    using State = service::ServerControl::State;
    const State state = m_server.state();
    m_toggle->setText(state == State::Serving || state == State::Stopping ? tr("&Stop Server")
                                                                          : tr("&Start Server"));
    m_toggle->setEnabled(state != State::Starting && state != State::Stopping);
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    if (!mayCutTransfers(tr("Quit"), tr("Quit all the same?"))) {
        event->ignore();
        return;
    }
    remember();
    event->accept();
}

/// For the next start.
void MainWindow::remember()
{
    QSettings settings;
    settings.setValue(QStringLiteral("window/geometry"), saveGeometry());
    settings.setValue(QStringLiteral("window/browse"), m_browse->saveState());
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
