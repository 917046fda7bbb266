// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/contenttype.h"
#include "core/api/hub/fileresponse.h"

#include <QTest>

using namespace hublet;
using namespace hublet::api;

namespace {

const QByteArray Sha(40, 'a');

service::Browse::FileAnswer someFile(bool lfs)
{
    service::Browse::FileAnswer file;
    file.revision.asked = QStringLiteral("main");
    file.revision.sha = Sha;
    file.revision.ref = catalog::Ref();
    file.entry.path = *RepoPath::parse("folder/weights.bin");
    file.entry.size = 100;
    file.entry.oid = *GitOid::fromHex(QByteArray(40, 'b'));
    file.entry.content = *Sha256::fromHex(QByteArray(64, 'c'));
    file.entry.lfs = lfs;
    return file;
}

QString describe(const std::vector<Extent>& extents)
{
    QStringList parts;
    for (const Extent& extent : extents)
        parts += QStringLiteral("%1+%2").arg(extent.offset).arg(extent.length);
    return parts.join(u' ');
}

} // namespace

class TestFileResponse : public QObject {
    Q_OBJECT

private slots:
    void slices_data()
    {
        QTest::addColumn<qint64>("first");
        QTest::addColumn<qint64>("last");
        QTest::addColumn<QString>("expected");
        QTest::newRow("all") << qint64(0) << qint64(99) << QStringLiteral("1000+30 5+50 0+20");
        QTest::newRow("first byte") << qint64(0) << qint64(0) << QStringLiteral("1000+1");
        QTest::newRow("last byte") << qint64(99) << qint64(99) << QStringLiteral("19+1");
        QTest::newRow("inside one") << qint64(35) << qint64(40) << QStringLiteral("10+6");
        QTest::newRow("over an edge") << qint64(29) << qint64(30) << QStringLiteral("1029+1 5+1");
        QTest::newRow("over two edges") << qint64(29) << qint64(80) << QStringLiteral("1029+1 5+50 0+1");
        QTest::newRow("from an edge") << qint64(30) << qint64(79) << QStringLiteral("5+50");
    }
    void slices()
    {
        QFETCH(qint64, first);
        QFETCH(qint64, last);
        QFETCH(QString, expected);
        const std::vector<Extent> extents{{nullptr, 1000, 30}, {nullptr, 5, 50}, {nullptr, 0, 20}};
        QCOMPARE(describe(slice(extents, {first, last})), expected);
    }

    void headersOfRegularFile()
    {
        const http::Response response = fileHead(someFile(false), true);
        QCOMPARE(response.status(), 200);
        QCOMPARE(response.contentLength(), 100);
        QCOMPARE(response.header("X-Repo-Commit"), Sha);
        QCOMPARE(response.header("ETag"), '"' + QByteArray(40, 'b') + '"');
        QCOMPARE(response.header("X-Linked-ETag"), QByteArray());
        QCOMPARE(response.header("X-Linked-Size"), "100");
        QCOMPARE(response.header("Accept-Ranges"), "bytes");
        QCOMPARE(response.header("Content-Type"), "application/octet-stream");
        QCOMPARE(response.header("Content-Disposition"),
                 "inline; filename*=UTF-8''weights.bin; filename=\"weights.bin\";");
        QCOMPARE(response.header("X-Content-Type-Options"), "nosniff");
        QCOMPARE(response.header("Content-Security-Policy"), "sandbox; default-src 'none'");
        QCOMPARE(response.header("Cross-Origin-Resource-Policy"), "same-origin");
        QCOMPARE(response.header("X-Xet-Hash"), QByteArray());
    }

    void headersOfPointer()
    {
        const http::Response response = pointerBody(http::Request(), someFile(true));
        QCOMPARE(response.header("Content-Type"), "text/plain; charset=utf-8");
        QCOMPARE(response.header("X-Content-Type-Options"), "nosniff");
        QCOMPARE(response.header("Content-Security-Policy"), "sandbox; default-src 'none'");
        QCOMPARE(response.header("Cross-Origin-Resource-Policy"), "same-origin");
    }

    void headersOfLfsFile()
    {
        const http::Response response = fileHead(someFile(true), true);
        QCOMPARE(response.header("ETag"), '"' + QByteArray(64, 'c') + '"');
        QCOMPARE(response.header("X-Linked-ETag"), '"' + QByteArray(64, 'c') + '"');
    }

    void caching()
    {
        service::Browse::FileAnswer file = someFile(false);
        QCOMPARE(fileHead(file, true).header("Cache-Control"), "no-cache");
        file.revision.asked = QString::fromLatin1(Sha); // a release with a name of 40 hex digits
        QCOMPARE(fileHead(file, true).header("Cache-Control"), "no-cache");
        file.revision.ref.reset();
        QCOMPARE(fileHead(file, true).header("Cache-Control"), "public, max-age=31536000, immutable");
        QCOMPARE(fileHead(file, false).header("Cache-Control"), "private, max-age=31536000, immutable");
        file.revision.asked = QStringLiteral("aaaaaaa");
        QCOMPARE(fileHead(file, true).header("Cache-Control"), "no-cache");
    }

    void labels_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("type");
        QTest::addColumn<QByteArray>("disposition");
        const auto row = [](const char* name, const char* type, const char* disposition) {
            QTest::newRow(name) << QByteArray(name) << QByteArray(type) << QByteArray(disposition);
        };
        row("config.json", "text/plain; charset=utf-8",
            "inline; filename*=UTF-8''config.json; filename=\"config.json\";");
        row("IMAGE.PNG", "image/png", "inline; filename*=UTF-8''IMAGE.PNG; filename=\"IMAGE.PNG\";");
        row("page.html", "application/octet-stream",
            "attachment; filename*=UTF-8''page.html; filename=\"page.html\";");
        row("drawing.SVG", "application/octet-stream",
            "attachment; filename*=UTF-8''drawing.SVG; filename=\"drawing.SVG\";");
        row("no-extension", "application/octet-stream",
            "inline; filename*=UTF-8''no-extension; filename=\"no-extension\";");
        row("to\"? \xc3\xa9.txt", "text/plain; charset=utf-8",
            "inline; filename*=UTF-8''to%22%3F%20%C3%A9.txt; filename=\"to_? _.txt\";");
    }
    void labels()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, type);
        QFETCH(QByteArray, disposition);
        const ContentLabel label = contentLabel(name);
        QCOMPARE(label.type, type);
        QCOMPARE(label.disposition, disposition);
    }
};

QTEST_APPLESS_MAIN(TestFileResponse)
#include "tst_fileresponse.moc"
