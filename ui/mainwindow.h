// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QMainWindow>

class QAction;
class QLabel;
class QListWidget;
class QStackedWidget;

namespace hublet::service {
class ServerControl;
class Services;
} // namespace hublet::service

namespace hublet::ui {

class BrowseWidget;
class JobBar;
class TransferModel;

/// The window: server at the top, pages on the left, what runs at the bottom. Knows the services and nothing
/// of HTTP.
class MainWindow : public QMainWindow {
    Q_OBJECT
public:
    /// `services` and `server` must outlive the window.
    MainWindow(service::Services& services, service::ServerControl& server, QWidget* parent = nullptr);

    enum class Page { Browse, Transfers };
    void showPage(Page page);

protected:
    void closeEvent(QCloseEvent* event) override;

private:
    void buildPages();
    void buildMenus();
    void buildToolBar();
    void buildStatusBar();
    void showTransferSummary();
    void tell(const QString& text);
    void warn(const QString& problem);
    void showNotices();
    void about();
    void remember();
    void startOrStop();
    void showStartOrStop();
    [[nodiscard]] bool mayCutTransfers(const QString& title, const QString& question);

    service::Services& m_services;
    service::ServerControl& m_server;
    QAction* m_toggle; ///< starts or stops the server
    BrowseWidget* m_browse;
    TransferModel* m_transfers;
    QListWidget* m_pages;
    QStackedWidget* m_stack;
    JobBar* m_jobs;
    QLabel* m_uploads;
    QLabel* m_downloads;
    QLabel* m_warning;
};

} // namespace hublet::ui
