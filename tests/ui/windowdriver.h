// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "ui/browse/browsemodel.h"

#include <QAction>
#include <QDir>
#include <QLineEdit>
#include <QTest>
#include <QTreeView>

namespace hublet::test {

/// What a user does in a window, by object names and words.

template <typename T>
T* named(QWidget& parent, const char* name)
{
    T* found = parent.findChild<T*>(QLatin1String(name));
    if (!found)
        qFatal("There is no %s", name);
    return found;
}

inline void type(QLineEdit* edit, const QString& text)
{
    edit->setFocus();
    QTest::keyClicks(edit, text);
}

/// The action with this text, whatever its mnemonic.
inline QAction* action(QWidget& window, const QString& text)
{
    for (auto* candidate : window.findChildren<QAction*>()) {
        if (candidate->text().remove(u'&') == text)
            return candidate;
    }
    qFatal("There is no action %s", qPrintable(text));
}

/// Tree keys of a model in hf-local, see select().
inline QStringList packageKeys(const QString& id = QStringLiteral("acme/bert-tiny"))
{
    return {QStringLiteral("hf-local"), QStringLiteral("models"), id.section(u'/', 0, 0), id};
}
/// Of a row below its branch main; without `path` of the branch.
inline QStringList mainKeys(const QStringList& path = {},
                            const QString& id = QStringLiteral("acme/bert-tiny"))
{
    return packageKeys(id) + QStringList{QStringLiteral("refs/heads/main")} + path;
}

/// Opens rows down to the one with these BrowseItem keys and selects it.
inline bool select(QTreeView* tree, const QStringList& keys)
{
    auto* model = qobject_cast<ui::BrowseModel*>(tree->model());
    for (qsizetype depth = 1; depth <= keys.size(); ++depth) {
        const QStringList wanted = keys.mid(0, depth);
        if (!QTest::qWaitFor([&] { return model->find(wanted).isValid(); }, 10000))
            return false;
        if (depth < keys.size())
            tree->expand(model->find(wanted));
    }
    tree->setCurrentIndex(model->find(keys));
    return true;
}

/// Written where HUBLET_PICTURES says, for people to look at; no test depends on it.
inline void picture(QWidget& widget, const QString& name)
{
    const QString folder = qEnvironmentVariable("HUBLET_PICTURES");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    widget.grab().save(folder + u'/' + name + QStringLiteral(".png"));
}

} // namespace hublet::test
