// SPDX-License-Identifier: Apache-2.0
#include "ui/browse/browsetext.h"

#include "core/base/humanformat.h"
#include "ui/widgets/symbolicicon.h"

#include <QCoreApplication>

namespace hublet::ui {

namespace {

using catalog::RefKind;

struct BrowseText {
    Q_DECLARE_TR_FUNCTIONS(hublet::ui::BrowseText)
};

QString refKindText(RefKind kind)
{
    switch (kind) {
    case RefKind::Branch:
        return BrowseText::tr("branch");
    case RefKind::Tag:
        return BrowseText::tr("tag");
    case RefKind::Release:
        return BrowseText::tr("release");
    case RefKind::PullRequest:
        return BrowseText::tr("pull request");
    case RefKind::Convert:
        return BrowseText::tr("conversion");
    }
    return {};
}

QString iconName(const BrowseItem& item)
{
    switch (item.kind) {
    case BrowseKind::Repository:
        return QStringLiteral("repository");
    case BrowseKind::Type:
    case BrowseKind::Package:
        return item.type == PackageType::Model ? QStringLiteral("model") : QStringLiteral("dataset");
    case BrowseKind::Namespace:
        return QStringLiteral("organisation");
    case BrowseKind::Ref:
        return item.ref->kind == RefKind::Tag || item.ref->kind == RefKind::Release
                   ? QStringLiteral("tag")
                   : QStringLiteral("branch");
    case BrowseKind::Earlier:
    case BrowseKind::Commit:
        return QStringLiteral("commit");
    case BrowseKind::Folder:
        return QStringLiteral("folder");
    case BrowseKind::File:
        return QStringLiteral("file");
    }
    return {};
}

} // namespace

QString titleText(const BrowseItem& item)
{
    switch (item.kind) {
    case BrowseKind::Type:
        return item.type == PackageType::Model ? BrowseText::tr("Models") : BrowseText::tr("Datasets");
    case BrowseKind::Earlier:
        return BrowseText::tr("earlier commits");
    case BrowseKind::Namespace:
        return item.title.isEmpty() ? BrowseText::tr("(no organisation)") : item.title;
    default:
        return item.title;
    }
}

QString noteText(const BrowseItem& item)
{
    switch (item.kind) {
    case BrowseKind::Type:
    case BrowseKind::Earlier:
        return {};
    case BrowseKind::Ref:
        return refKindText(item.ref->kind);
    case BrowseKind::Folder:
        return {};
    default:
        return item.note;
    }
}

QStringList noteTexts()
{
    QStringList texts{catalog::repositoryClassName(catalog::RepositoryClass::Virtual)};
    for (const RefKind kind :
         {RefKind::Branch, RefKind::Tag, RefKind::Release, RefKind::PullRequest, RefKind::Convert})
        texts.append(refKindText(kind));
    return texts;
}

QString toolTipText(const BrowseItem& item)
{
    if (item.kind == BrowseKind::Type)
        return {};
    QString text = kindText(item) + u' ' + item.address();
    if (item.commit)
        text += u'\n' + exactTime(item.commit->timeMs);
    // Outside text in a tool tip must not be taken for rich text.
    return QStringLiteral("<qt>%1</qt>").arg(text.toHtmlEscaped().replace(u'\n', QStringLiteral("<br>")));
}

QIcon itemIcon(const BrowseItem& item)
{
    return symbolicIcon(iconName(item));
}

QString kindText(const BrowseItem& item)
{
    switch (item.kind) {
    case BrowseKind::Repository:
        return BrowseText::tr("repository");
    case BrowseKind::Type:
        return titleText(item);
    case BrowseKind::Namespace:
        return BrowseText::tr("organisation");
    case BrowseKind::Package:
        return item.type == PackageType::Model ? BrowseText::tr("model") : BrowseText::tr("dataset");
    case BrowseKind::Ref:
        return refKindText(item.ref->kind);
    case BrowseKind::Earlier:
        return BrowseText::tr("earlier commits");
    case BrowseKind::Commit:
        return BrowseText::tr("commit");
    case BrowseKind::Folder:
        return BrowseText::tr("folder");
    case BrowseKind::File:
        return BrowseText::tr("file");
    }
    return {};
}

} // namespace hublet::ui
