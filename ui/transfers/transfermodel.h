// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/context/transfers.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QTimer>

#include <vector>

namespace hublet::ui {

/// Running transfers and the last finished ones, looked at a few times a second. Rows keep their place while
/// their numbers change. GUI thread only.
class TransferModel : public QAbstractTableModel {
    Q_OBJECT
public:
    static constexpr int PollMs = 500;
    enum Column {
        DirectionColumn,
        FileColumn,
        ProgressColumn,
        RateColumn,
        ClientColumn,
        StateColumn,
        ColumnCount
    };
    static constexpr int PercentRole = Qt::UserRole;     ///< int 0 to 100, or -1 while the size is unknown
    static constexpr int RunningRole = Qt::UserRole + 1; ///< bool

    explicit TransferModel(const service::Transfers& transfers, QObject* parent = nullptr);

    /// What the status bar tells of one direction.
    struct Summary {
        int running = 0;
        double bytesPerSecond = 0;
        QString name; ///< of the only running one
        int percent = -1;
    };
    [[nodiscard]] Summary summary(service::TransferDirection direction) const;

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    void poll();

signals:
    void summaryChanged();

private:
    [[nodiscard]] QString text(const service::TransferInfo& transfer, int column) const;
    [[nodiscard]] static QVariant toolTip(const service::TransferInfo& transfer, int column);
    [[nodiscard]] static QString directionText(service::TransferDirection direction);

    const service::Transfers& m_transfers;
    std::vector<service::TransferInfo> m_rows;
    QHash<qint64, double> m_rates; ///< bytes per second since the last look, by TransferInfo::id
    qint64 m_polledMs = 0;
    QTimer m_timer;
};

} // namespace hublet::ui
