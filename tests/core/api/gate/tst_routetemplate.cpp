// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/routetemplate.h"

#include <QTest>

using namespace hublet;
using namespace hublet::api;

namespace {

/// Matches "a/b/c" with {id} as two segments, else as one, as the gate does.
std::optional<RouteMatch> matchPath(const QByteArray& path, const QByteArray& form)
{
    std::vector<QByteArrayView> segments;
    const QByteArrayList parts = path.split('/');
    for (const QByteArray& part : parts)
        segments.push_back(part);
    const RouteTemplate route{form};
    if (auto match = route.match(segments, 2))
        return match;
    return route.match(segments, 1);
}

QString describe(const std::optional<RouteMatch>& match)
{
    if (!match)
        return QStringLiteral("no match");
    QStringList parts;
    if (match->hasId)
        parts +=
            (match->type ? packageTypePlural(*match->type) : QStringLiteral("spaces")) + u':' + match->id;
    if (!match->names.isEmpty())
        parts += QStringLiteral("names=") + QString::fromUtf8(match->names.join('|'));
    if (!match->ticket.isEmpty())
        parts += QStringLiteral("ticket=") + QString::fromUtf8(match->ticket);
    if (!match->rest.isEmpty())
        parts += QStringLiteral("rest=") + QString::fromUtf8(match->rest.join('|'));
    return parts.join(u' ');
}

} // namespace

class TestRouteTemplate : public QObject {
    Q_OBJECT

private slots:
    void match_data()
    {
        QTest::addColumn<QByteArray>("form");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* form, const char* path, const char* expected) {
            QTest::addRow("%s on %s", path, form)
                << QByteArray(form) << QByteArray(path) << QString::fromLatin1(expected);
        };
        row("/api/whoami-v2", "api/whoami-v2", "");
        row("/api/whoami-v2", "api/Whoami-v2", "no match");
        row("/api/whoami-v2", "api/whoami-v2/more", "no match");
        row("/api/whoami-v2", "api", "no match");

        row("/api/{type}/{id}", "api/models/acme/bert", "models:acme/bert");
        row("/api/{type}/{id}", "api/datasets/acme/squad", "datasets:acme/squad");
        row("/api/{type}/{id}", "api/spaces/acme/demo", "spaces:acme/demo");
        row("/api/{type}/{id}", "api/models/gpt2", "models:gpt2");
        row("/api/{type}/{id}", "api/Models/gpt2", "no match");
        row("/api/{type}/{id}", "api/kernels/acme/k", "no match");
        row("/api/{type}/{id}", "api/models", "no match");
        row("/api/{type}/{id}", "api/models/a/b/c", "no match");

        row("/api/{type}/{id}/refs", "api/models/acme/bert/refs", "models:acme/bert");
        row("/api/{type}/{id}/refs", "api/models/gpt2/refs", "models:gpt2");
        row("/api/{type}/{id}/tree/{rest}", "api/models/acme/bert/tree/main", "models:acme/bert rest=main");
        row("/api/{type}/{id}/tree/{rest}", "api/models/acme/bert/tree/refs/pr/1/a",
            "models:acme/bert rest=refs|pr|1|a");
        row("/api/{type}/{id}/tree/{rest}", "api/models/gpt2/tree/main", "models:gpt2 rest=main");
        row("/api/{type}/{id}/tree/{rest}", "api/models/acme/bert/tree", "no match");
        row("/api/{type}/{id}/discussions/{name}/comment/{name}/edit",
            "api/models/a/b/discussions/7/comment/ff/edit", "models:a/b names=7|ff");

        row("/{tp}{id}/resolve/{rest}", "acme/bert/resolve/main/a.bin", "models:acme/bert rest=main|a.bin");
        row("/{tp}{id}/resolve/{rest}", "models/acme/bert/resolve/main/a", "models:acme/bert rest=main|a");
        row("/{tp}{id}/resolve/{rest}", "datasets/acme/squad/resolve/main/a",
            "datasets:acme/squad rest=main|a");
        row("/{tp}{id}/resolve/{rest}", "spaces/acme/demo/resolve/main/a", "spaces:acme/demo rest=main|a");
        row("/{tp}{id}/resolve/{rest}", "gpt2/resolve/main/a", "models:gpt2 rest=main|a");
        row("/{tp}{id}/resolve/{rest}", "datasets/squad/resolve/main/a", "datasets:squad rest=main|a");
        row("/{tp}{id}/resolve/{rest}", "api/models/resolve/main/a", "no match");
        row("/{tp}{id}/resolve/{rest}", "v2/bert/resolve/main/a", "no match");
        row("/{tp}{id}/resolve/{rest}", "artifactory/api/resolve/main/a", "no match");
        row("/{tp}{id}/resolve/{rest}", "acme/bert/resolve", "no match");

        row("/{tp}{id}.git/info/lfs/objects/batch", "acme/bert.git/info/lfs/objects/batch",
            "models:acme/bert");
        row("/{tp}{id}.git/info/lfs/objects/batch", "datasets/acme/s.git/info/lfs/objects/batch",
            "datasets:acme/s");
        row("/{tp}{id}.git/info/lfs/objects/batch", "acme/bert/info/lfs/objects/batch", "no match");

        row("/{tp}{full-id}", "acme/bert", "models:acme/bert");
        row("/{tp}{full-id}", "datasets/acme/squad", "datasets:acme/squad");
        row("/{tp}{full-id}", "favicon.ico", "no match");

        row("/lfs/{ticket}", "lfs/abc", "ticket=abc");
        row("/v2/{id}/manifests/{name}", "v2/acme/bert/manifests/latest", "models:acme/bert names=latest");
    }
    void match()
    {
        QFETCH(QByteArray, form);
        QFETCH(QByteArray, path);
        QFETCH(QString, expected);
        QCOMPARE(describe(matchPath(path, form)), expected);
    }

    void idIsWhereItWasFound()
    {
        const auto match = matchPath("datasets/acme/squad.git/info/lfs/objects/batch",
                                     "/{tp}{id}.git/info/lfs/objects/batch");
        QVERIFY(match);
        QCOMPARE(match->idBegin, 1);
        QCOMPARE(match->idCount, 2);
        QCOMPARE(match->idSuffix, ".git");
    }
};

QTEST_APPLESS_MAIN(TestRouteTemplate)
#include "tst_routetemplate.moc"
