// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browseitem.h"
#include "ui/upload/uploadform.h"

#include <QObject>

namespace hublet::ui {

class BrowseModel;
class Job;

/// What can be done on the Browse page beyond looking: each asks in a dialog of its own and then does it. GUI
/// thread only.
class BrowseCommands : public QObject {
    Q_OBJECT
public:
    /// `window` is the parent of the dialogs and owns this.
    BrowseCommands(service::Services& services, const BrowseModel& model, QWidget* window);

    void newRepository();
    void newPackage(const std::optional<BrowseItem>& item);
    /// `item`: a package, ref or commit.
    void newRef(const BrowseItem& item, bool isTag);
    void remove(const BrowseItem& item);
    void save(const BrowseItem& item);
    void chooseAndUpload(const std::optional<BrowseItem>& target, bool folder);
    /// Opens the sheet that uploads these files to where `target` is; nowhere in particular without one.
    void upload(const std::optional<BrowseItem>& target, const QStringList& sources);

signals:
    /// A row was made and should be shown; BrowseItem::key from the top.
    void wanted(const QStringList& keys);
    /// Something to tell the user in passing.
    void message(const QString& text);
    /// A job runs that somebody has to own and show.
    void started(hublet::ui::Job* job);

private:
    [[nodiscard]] QStringList repositoryKeys() const;
    [[nodiscard]] UploadDraft draft(const std::optional<BrowseItem>& target,
                                    const QStringList& sources) const;

    service::Services& m_services;
    const BrowseModel& m_model;
    QWidget* m_window;
};

} // namespace hublet::ui
