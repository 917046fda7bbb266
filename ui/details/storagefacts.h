// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"
#include "core/catalog/model/storageuse.h"
#include "ui/browse/browseitem.h"
#include "ui/refresher.h"

#include <QObject>

namespace hublet::service {
class Services;
}

namespace hublet::ui {

class FactsForm;

/// What the contents of a repository or package take on disk, as rows of a form: logical, stored and shared
/// bytes, per cent saved. They are counted on a worker thread, and only while the form can be seen: it may
/// take seconds. GUI thread only.
class StorageFacts : public QObject {
    Q_OBJECT
public:
    /// Both must outlive it.
    StorageFacts(service::Services& services, FactsForm& form, QObject* parent = nullptr);

    /// Adds the rows of a repository or package to the form.
    void add(const BrowseItem& item);
    /// The form shows something else.
    void leave() { m_item.reset(); }
    /// Counts anew: the form has come in sight, or something has changed.
    void refresh();

private:
    [[nodiscard]] static QStringList names(); ///< of the rows
    void ask();
    void showUse(const Result<catalog::StorageUse>& use);

    service::Services& m_services;
    FactsForm& m_form;
    std::optional<BrowseItem> m_item;
    Refresher m_refresher;
};

} // namespace hublet::ui
