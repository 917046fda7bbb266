// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/model/layoutpath.h"

#include "core/base/clock.h"

#include <QDateTime>
#include <QStringList>
#include <QTimeZone>

namespace hublet::catalog {

namespace {

QString contentFolder(PackageType type)
{
    return packageTypeName(type);
}

QString leadFileName(PackageType type)
{
    return QStringLiteral(".jfrog_huggingface_%1_info.json").arg(packageTypeName(type));
}

/// Milliseconds of exactly the form that isoTime() gives.
std::optional<qint64> parseTime(const QString& text)
{
    const QDateTime time = QDateTime::fromString(text, QStringLiteral("yyyy-MM-dd'T'HH:mm:ss.zzz'Z'"));
    if (!time.isValid())
        return std::nullopt;
    const qint64 ms = QDateTime(time.date(), time.time(), Qt::UTC).toMSecsSinceEpoch();
    return QString::fromLatin1(isoTime(ms)) == text ? std::optional(ms) : std::nullopt;
}

/// Is segment `index` the one with the time? Package and revision names hold no ':', so none but that one
/// looks like it.
std::optional<LayoutPath> deploymentAt(Layout layout, const QStringList& segments, qsizetype index)
{
    LayoutPath path;
    QString time = segments[index];
    if (layout == Layout::MachineLearning) {
        const qsizetype separator = time.lastIndexOf(u'_');
        if (separator <= 0)
            return std::nullopt;
        path.revisionFolder = time.left(separator);
        time = time.mid(separator + 1);
    } else {
        path.revisionFolder = segments[index - 1];
    }
    const auto ms = parseTime(time);
    if (!ms)
        return std::nullopt;
    path.publishedMs = *ms;
    return path;
}

} // namespace

QString revisionFolder(const QString& revision)
{
    return QString(revision).replace(u'/', QLatin1String("--"));
}

QString deploymentFolder(Layout layout, const PackageId& package, const Deployment& deployment)
{
    const QChar separator = layout == Layout::Legacy ? u'/' : u'_';
    return package.artifactPath() + u'/' + revisionFolder(deployment.revision) + separator +
           QString::fromLatin1(isoTime(deployment.publishedMs));
}

QString artifactPath(Layout layout, const PackageId& package, const Deployment& deployment,
                     const RepoPath& file)
{
    QString folder = deploymentFolder(layout, package, deployment) + u'/';
    if (layout == Layout::MachineLearning)
        folder += contentFolder(package.type()) + u'/';
    return folder + file.text();
}

QString leadFilePath(Layout layout, const PackageId& package, const Deployment& deployment)
{
    return deploymentFolder(layout, package, deployment) + u'/' + leadFileName(package.type());
}

std::optional<LayoutPath> LayoutPath::parse(Layout layout, const QString& text)
{
    const QStringList segments = text.split(u'/');
    // models/<name>/..., where an organisation, and in the legacy layout the revision, may come before the
    // time.
    const qsizetype first = layout == Layout::Legacy ? 3 : 2;
    const auto type = packageTypeFromName(segments.first());
    if (!type || segments.first() != packageTypePlural(*type))
        return std::nullopt;
    for (qsizetype index = first; index <= first + 1 && index < segments.size(); ++index) {
        auto path = deploymentAt(layout, segments, index);
        if (!path)
            continue;
        path->type = *type;
        path->package = segments.mid(1, index - first + 1).join(u'/');
        QStringList rest = segments.mid(index + 1);
        path->isLeadFile = rest.size() == 1 && rest.first() == leadFileName(*type);
        if (path->isLeadFile || rest.isEmpty())
            return path;
        if (layout == Layout::MachineLearning && rest.takeFirst() != contentFolder(*type))
            return std::nullopt;
        path->file = rest.join(u'/').toUtf8();
        return path;
    }
    return std::nullopt;
}

} // namespace hublet::catalog
