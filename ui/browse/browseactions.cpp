// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browseactions.h"

#include "ui/jobs/savejob.h"
#include "ui/widgets/symbolicicon.h"

#include <QAction>
#include <QMenu>
#include <QWidget>

namespace hublet::ui {

namespace {

QAction* action(QObject* parent, const QString& icon, const QString& text, const QKeySequence& keys = {})
{
    auto* made = new QAction(symbolicIcon(icon), text, parent);
    made->setShortcut(keys);
    return made;
}

} // namespace

BrowseActions::BrowseActions(QWidget* tree, QObject* parent)
    : QObject(parent),
      newPackage(action(this, QStringLiteral("model"), tr("New &Package…"), QKeySequence::New)),
      newRepository(action(this, QStringLiteral("repository"), tr("New &Repository…"),
                           QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_N))),
      newBranch(action(this, QStringLiteral("branch"), tr("New &Branch…"))),
      newTag(action(this, QStringLiteral("tag"), tr("New &Tag…"))),
      uploadFiles(
          action(this, QStringLiteral("upload"), tr("&Upload Files…"), QKeySequence(Qt::CTRL | Qt::Key_U))),
      uploadFolder(action(this, QStringLiteral("folder"), tr("Upload &Folder…"),
                          QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_U))),
      save(action(this, QStringLiteral("save"), tr("&Save To…"), QKeySequence::Save)),
      setMeUp(action(this, QStringLiteral("setmeup"), tr("Set &Me Up"), QKeySequence(Qt::CTRL | Qt::Key_M))),
      copyName(action(this, QStringLiteral("copy"), tr("&Copy Name"), QKeySequence::Copy)),
      copyAddress(action(this, QStringLiteral("copy"), tr("Copy &Address"),
                         QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C))),
      find(action(this, QStringLiteral("search"), tr("&Find Packages"), QKeySequence::Find)),
      refresh(action(this, QStringLiteral("refresh"), tr("&Refresh"), QKeySequence::Refresh)),
      remove(action(this, QStringLiteral("delete"), tr("&Delete…"), QKeySequence::Delete))
{
    for (QAction* local : {copyName, copyAddress, remove}) {
        local->setShortcutContext(Qt::WidgetShortcut);
        tree->addAction(local);
    }
    update(std::nullopt, false);
}

void BrowseActions::update(const std::optional<BrowseItem>& item, bool canDelete)
{
    const bool isInPackage = item && item->package;
    const bool isRevision = item && (item->kind == BrowseKind::Package || item->kind == BrowseKind::Ref ||
                                     item->kind == BrowseKind::Commit);
    newBranch->setEnabled(isRevision && isInPackage && !item->package->head.isNull());
    newTag->setEnabled(newBranch->isEnabled());
    save->setEnabled(item && canSave(*item));
    setMeUp->setEnabled(item.has_value());
    copyName->setEnabled(item.has_value());
    copyAddress->setEnabled(item.has_value());
    remove->setEnabled(canDelete);
}

void BrowseActions::fillContextMenu(QMenu& menu, const std::optional<BrowseItem>& item) const
{
    if (item) {
        menu.addActions({copyName, copyAddress, setMeUp});
        menu.addSeparator();
    }
    menu.addActions({uploadFiles, uploadFolder});
    if (save->isEnabled())
        menu.addAction(save);
    menu.addSeparator();
    if (newBranch->isEnabled())
        menu.addActions({newBranch, newTag});
    menu.addActions({newPackage, newRepository});
    if (remove->isEnabled()) {
        menu.addSeparator();
        menu.addAction(remove);
    }
}

} // namespace hublet::ui
