// SPDX-License-Identifier: Apache-2.0
#include "ui/transfers/transfergroups.h"

#include <QHash>
#include <QStringList>

#include <algorithm>

namespace hublet::ui {

namespace {

using service::TransferDirection;
using service::TransferInfo;

constexpr qint64 GapMs = 10'000; ///< between the end of a part and the start of the next

/// The same for the parts of one upload; empty: has no parts.
QString groupOf(const TransferInfo& transfer)
{
    if (transfer.direction != TransferDirection::Upload || transfer.file.isEmpty())
        return {};
    return QStringList{transfer.principal, transfer.client,   transfer.repository,
                       transfer.package,   transfer.revision, transfer.file}
        .join(QChar(0));
}

void addPart(TransferInfo& group, const TransferInfo& older)
{
    group.id = older.id;
    group.startedMs = std::min(group.startedMs, older.startedMs);
    group.endedMs = group.endedMs == 0 || older.endedMs == 0 ? 0 : std::max(group.endedMs, older.endedMs);
    group.done += older.done;
    group.total = -1;
}

} // namespace

std::vector<TransferInfo> groupedTransfers(const std::vector<TransferInfo>& transfers)
{
    std::vector<TransferInfo> groups;
    QHash<QString, std::size_t> newest; // place of the latest entry of a group
    for (const TransferInfo& transfer : transfers) {
        const QString name = groupOf(transfer);
        const auto found = name.isEmpty() ? newest.cend() : newest.constFind(name);
        if (found != newest.cend()) {
            TransferInfo& group = groups[*found];
            if (transfer.endedMs == 0 || group.startedMs - transfer.endedMs <= GapMs) {
                addPart(group, transfer);
                continue;
            }
        }
        if (!name.isEmpty())
            newest.insert(name, groups.size());
        groups.push_back(transfer);
    }
    return groups;
}

QString clientText(const QString& userAgent)
{
    QStringList parts = userAgent.split(u';', Qt::SkipEmptyParts);
    for (QString& part : parts)
        part = part.trimmed();
    QStringList known = parts;
    known.removeIf([](const QString& part) { return part.startsWith(QStringLiteral("unknown/")); });
    return (known.isEmpty() ? parts : known).join(QStringLiteral("; "));
}

} // namespace hublet::ui
