// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/permit.h"
#include "core/base/result.h"
#include "core/catalog/model/repository.h"
#include "core/catalog/model/storageuse.h"
#include "ui/refresher.h"

#include <QWidget>

#include <optional>

class QCheckBox;
class QLabel;

namespace hublet::service {
class Services;
}

namespace hublet::ui {

class ConversionRow;

/// The Xet switch of a repository, and below it the conversion that turning it begins. Asks before anything
/// is converted. GUI thread only.
class XetPanel : public QWidget {
    Q_OBJECT
public:
    explicit XetPanel(service::Services& services, QWidget* parent = nullptr);

    /// Without `admin` the switch only shows, and the error says why.
    void setRepository(const catalog::Repository& repository, const Result<access::AdminPermit>& admin);

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refresh();
    void ask();
    void showSwitch();
    void turn(bool on);
    void confirm(bool on, const catalog::OtherForm& toConvert);
    void change(bool on);
    void endTurn(const QString& problem = {});

    service::Services& m_services;
    std::optional<catalog::Repository> m_repository;
    QString m_whyNot;         ///< the switch cannot be turned
    QString m_problem;        ///< of the last turn
    quint64 m_turn = 0;       ///< counts begun and ended ones, to know a late answer
    bool m_isTurning = false; ///< the switch shows what is wanted, not what is
    Refresher m_refresher;
    QCheckBox* m_switch;
    QLabel* m_explanation;
    ConversionRow* m_conversion;
};

} // namespace hublet::ui
