// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/disk/uploadplan.h"

#include <QAbstractTableModel>

namespace hublet::ui {

/// The files of an upload and what would happen to each. GUI thread only.
class UploadPlanModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { PathColumn, SizeColumn, ChangeColumn, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setPlan(service::UploadPlan plan);
    [[nodiscard]] const service::UploadPlan* plan() const { return m_plan ? &*m_plan : nullptr; }
    void clear();

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::optional<service::UploadPlan> m_plan;
};

} // namespace hublet::ui
