// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace hublet::service {
class Services;
}

namespace hublet::ui {

class ProblemLine;

/// Asks for the name of a branch or tag on a revision and makes it.
class NewRefDialog : public QDialog {
    Q_OBJECT
public:
    enum class Kind { Branch, Tag };

    /// `item`: a package, ref or commit; where the branch starts or what the tag names.
    NewRefDialog(service::Services& services, const BrowseItem& item, Kind kind, QWidget* parent = nullptr);

signals:
    void created(const QString& name);

private:
    void validate();
    void create();

    service::Services& m_services;
    const BrowseItem m_item;
    const QString m_revision; ///< of the row; main for a package
    const Kind m_kind;
    QLineEdit* m_name;
    ProblemLine* m_problem;
    QPushButton* m_create;
};

} // namespace hublet::ui
