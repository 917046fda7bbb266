// SPDX-License-Identifier: Apache-2.0
#include "ui/upload/uploadplanmodel.h"

#include "core/base/humanformat.h"
#include "ui/widgets/symbolicicon.h"

namespace hublet::ui {

namespace {

using Change = service::PlannedFile::Change;

QString changeText(const service::PlannedFile& file)
{
    switch (file.change) {
    case Change::New:
        return UploadPlanModel::tr("new");
    case Change::Changed:
        return UploadPlanModel::tr("replaces what is there");
    case Change::Same:
        return UploadPlanModel::tr("already there");
    case Change::Refused:
        return UploadPlanModel::tr("left out: %1").arg(file.problem);
    }
    return {};
}

QIcon changeIcon(Change change)
{
    switch (change) {
    case Change::New:
        return symbolicIcon(QStringLiteral("add"));
    case Change::Changed:
        return symbolicIcon(QStringLiteral("upload"));
    case Change::Same:
        return symbolicIcon(QStringLiteral("done"));
    case Change::Refused:
        return symbolicIcon(QStringLiteral("warning"));
    }
    return {};
}

} // namespace

void UploadPlanModel::setPlan(service::UploadPlan plan)
{
    beginResetModel();
    m_plan = std::move(plan);
    endResetModel();
}

void UploadPlanModel::clear()
{
    beginResetModel();
    m_plan.reset();
    endResetModel();
}

int UploadPlanModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() || !m_plan ? 0 : int(m_plan->files.size());
}

int UploadPlanModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant UploadPlanModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const service::PlannedFile& file = m_plan->files[std::size_t(index.row())];
    switch (index.column()) {
    case PathColumn:
        return role == Qt::DisplayRole || role == Qt::ToolTipRole ? QVariant(file.shown) : QVariant();
    case SizeColumn:
        if (role == Qt::TextAlignmentRole)
            return QVariant(Qt::AlignRight | Qt::AlignVCenter);
        return role == Qt::DisplayRole ? QVariant(humanSize(file.size)) : QVariant();
    case ChangeColumn:
        if (role == Qt::DecorationRole)
            return changeIcon(file.change);
        return role == Qt::DisplayRole ? QVariant(changeText(file)) : QVariant();
    default:
        return {};
    }
}

QVariant UploadPlanModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant((section == SizeColumn ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case PathColumn:
        return tr("File in the package");
    case SizeColumn:
        return tr("Size");
    case ChangeColumn:
        return tr("What happens");
    default:
        return {};
    }
}

} // namespace hublet::ui
