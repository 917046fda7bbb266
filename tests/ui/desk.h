// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/ui/windowdriver.h"
#include "tests/ui/world.h"
#include "ui/mainwindow.h"

#include <QLabel>
#include <QTabWidget>

namespace hublet::test {

/// A world and its window, shown: where nearly every test of the window begins.
struct Desk {
    /// `files` are in the first commit of the model `id`; without any there is no model.
    explicit Desk(const Files& files = {}, const QString& id = QStringLiteral("acme/bert-tiny"))
        : window(filled(world, files, id).services(), server)
    {
        window.show();
        tree = named<QTreeView>(window, "browseTree");
        model = qobject_cast<ui::BrowseModel*>(tree->model());
    }

    [[nodiscard]] bool select(const QStringList& keys) { return test::select(tree, keys); }
    [[nodiscard]] bool has(const QStringList& keys) const { return model->find(keys).isValid(); }
    /// Shows this tab of the details.
    void showTab(const QString& text)
    {
        auto* tabs = named<QTabWidget>(window, "detailsTabs");
        for (int tab = 0; tab < tabs->count(); ++tab) {
            if (tabs->tabText(tab).remove(u'&') == text)
                tabs->setCurrentIndex(tab);
        }
    }
    /// The value beside this name in the details; null when there is none.
    [[nodiscard]] QLabel* fact(const QString& name)
    {
        for (auto* label : named<QWidget>(window, "facts")->findChildren<QLabel*>()) {
            if (label->accessibleName() == name)
                return label;
        }
        return nullptr;
    }
    /// Keys go to the active window only.
    [[nodiscard]] bool activate()
    {
        window.activateWindow();
        return QTest::qWaitForWindowActive(&window);
    }

    World world;
    FakeServer server;
    ui::MainWindow window;
    QTreeView* tree = nullptr;
    const ui::BrowseModel* model = nullptr;

private:
    static World& filled(World& world, const Files& files, const QString& id)
    {
        if (!files.empty())
            world.commit(id, QStringLiteral("main"), QStringLiteral("first"), files);
        return world;
    }
};

} // namespace hublet::test
