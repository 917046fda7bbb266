// SPDX-License-Identifier: Apache-2.0
#include "ui/transfers/transfermodel.h"

#include "core/base/humanformat.h"
#include "ui/transfers/transfergroups.h"
#include "ui/widgets/timetext.h"

#include <QDateTime>

#include <algorithm>

namespace hublet::ui {

namespace {

using service::TransferDirection;
using service::TransferInfo;

int percentOf(const TransferInfo& transfer)
{
    // A download that the system sends by itself tells how much only at its end.
    const bool isUntold = transfer.direction == TransferDirection::Download && transfer.done == 0 &&
                          transfer.endedMs == 0 && transfer.total > 0;
    if (transfer.total < 0 || isUntold)
        return -1;
    return transfer.total == 0 ? 100 : int(100 * transfer.done / transfer.total);
}

QString nameOf(const TransferInfo& transfer)
{
    const QString package = transfer.package.section(u'/', 1);
    QString name = package.isEmpty() ? transfer.repository : package;
    if (!transfer.file.isEmpty())
        name += QStringLiteral(": ") + transfer.file;
    return name;
}

} // namespace

TransferModel::TransferModel(const service::Transfers& transfers, QObject* parent)
    : QAbstractTableModel(parent), m_transfers(transfers)
{
    m_timer.setInterval(PollMs);
    connect(&m_timer, &QTimer::timeout, this, &TransferModel::poll);
    m_timer.start();
}

TransferModel::Summary TransferModel::summary(TransferDirection direction) const
{
    Summary summary;
    for (const TransferInfo& transfer : m_rows) {
        if (transfer.direction != direction || transfer.endedMs != 0)
            continue;
        ++summary.running;
        summary.bytesPerSecond += m_rates.value(transfer.id);
        summary.name = nameOf(transfer);
        summary.percent = percentOf(transfer);
    }
    return summary;
}

int TransferModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int TransferModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant TransferModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const TransferInfo& transfer = m_rows[std::size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return text(transfer, index.column());
    case Qt::ToolTipRole:
        return toolTip(transfer, index.column());
    case PercentRole:
        return percentOf(transfer);
    case RunningRole:
        return transfer.endedMs == 0;
    default:
        return {};
    }
}

QString TransferModel::text(const TransferInfo& transfer, int column) const
{
    const bool isRunning = transfer.endedMs == 0;
    switch (column) {
    case DirectionColumn:
        return directionText(transfer.direction);
    case FileColumn:
        return nameOf(transfer);
    case ProgressColumn:
        if (transfer.total >= 0 && isRunning && percentOf(transfer) < 0)
            return humanSize(transfer.total);
        return transfer.total < 0 || !isRunning
                   ? humanSize(transfer.done)
                   : tr("%1 of %2").arg(humanSize(transfer.done), humanSize(transfer.total));
    case RateColumn:
        return isRunning && m_rates.value(transfer.id) >= 1
                   ? tr("%1/s").arg(humanSize(qint64(m_rates.value(transfer.id))))
                   : QString();
    case ClientColumn:
        return clientText(transfer.client);
    case StateColumn:
        if (isRunning)
            return tr("running");
        if (!transfer.error.isEmpty())
            return transfer.error;
        return tr("done %1").arg(relativeTime(transfer.endedMs, QDateTime::currentMSecsSinceEpoch()));
    default:
        return {};
    }
}

/// What the cell has no room for.
QVariant TransferModel::toolTip(const TransferInfo& transfer, int column)
{
    const auto plain = [](const QString& text) {
        return QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped());
    };
    switch (column) {
    case FileColumn:
        return plain(nameOf(transfer));
    case ClientColumn:
        return plain(transfer.client);
    case StateColumn:
        return exactTime(transfer.endedMs ? transfer.endedMs : transfer.startedMs);
    default:
        return {};
    }
}

QString TransferModel::directionText(TransferDirection direction)
{
    switch (direction) {
    case TransferDirection::Upload:
        return tr("↑ upload");
    case TransferDirection::Download:
        return tr("↓ download");
    case TransferDirection::Conversion:
        break;
    }
    return tr("⟳ conversion");
}

QVariant TransferModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case DirectionColumn:
        return tr("Direction");
    case FileColumn:
        return tr("Package and file");
    case ProgressColumn:
        return tr("Moved");
    case RateColumn:
        return tr("Rate");
    case ClientColumn:
        return tr("Client");
    case StateColumn:
        return tr("State");
    default:
        return {};
    }
}

void TransferModel::poll()
{
    std::vector<TransferInfo> now = groupedTransfers(m_transfers.snapshot());
    const qint64 nowMs = QDateTime::currentMSecsSinceEpoch();
    const double seconds = std::max<double>(0.001, double(nowMs - m_polledMs) / 1000);
    QHash<qint64, qint64> before;
    for (const TransferInfo& transfer : m_rows)
        before.insert(transfer.id, transfer.done);
    m_rates.clear();
    for (const TransferInfo& transfer : now) {
        if (transfer.endedMs == 0)
            m_rates.insert(transfer.id, double(transfer.done - before.value(transfer.id, 0)) / seconds);
    }
    m_polledMs = nowMs;

    const auto sameId = [](const TransferInfo& a, const TransferInfo& b) { return a.id == b.id; };
    if (std::equal(m_rows.begin(), m_rows.end(), now.begin(), now.end(), sameId)) {
        m_rows = std::move(now);
        if (!m_rows.empty())
            emit dataChanged(index(0, 0), index(int(m_rows.size()) - 1, ColumnCount - 1));
    } else {
        beginResetModel();
        m_rows = std::move(now);
        endResetModel();
    }
    emit summaryChanged();
}

} // namespace hublet::ui
