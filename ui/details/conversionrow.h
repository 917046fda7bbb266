// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/repository.h"
#include "core/catalog/model/storageuse.h"

#include <QTimer>
#include <QWidget>

#include <optional>

class QLabel;
class QProgressBar;
class QPushButton;

namespace hublet::service {
class Services;
}

namespace hublet::ui {

/// What a repository's Xet switch says, and how much is not stored that way yet.
struct ConversionState {
    catalog::Repository repository;
    bool isConverting = false; ///< or waits its turn
    catalog::OtherForm left;   ///< to convert
};

/// How far the conversion of a repository is, with a button that stops it or converts what a stopped one
/// left. Hides itself when there is nothing to tell. GUI thread only.
class ConversionRow : public QWidget {
    Q_OBJECT
public:
    explicit ConversionRow(service::Services& services, QWidget* parent = nullptr);

    void setState(const ConversionState& state);
    /// May the user stop conversions and go on with them?
    void setMayChange(bool may);

protected:
    void hideEvent(QHideEvent* event) override;

private:
    void showProgress();
    void showRest(const QString& problem);
    void stopOrGoOn();

    service::Services& m_services;
    std::optional<ConversionState> m_state; ///< none before setState(), while it is hidden
    QTimer m_poll;
    QProgressBar* m_bar;
    QLabel* m_text;
    QPushButton* m_button;
};

} // namespace hublet::ui
