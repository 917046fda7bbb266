// SPDX-License-Identifier: Apache-2.0
#include "hubfixture.h"

#include <QTest>

#include <algorithm>

using namespace hublet;
using namespace hublet::api;

namespace {

const QByteArray Text = "first line\nsecond line\n";
const QByteArray Big(3'000'000, 'w');

} // namespace

class TestHubResolve : public QObject {
    Q_OBJECT

    std::unique_ptr<HubFixture> m_hub;
    QByteArray m_head; ///< commit of acme/bert@main

private slots:
    void initTestCase()
    {
        m_hub = std::make_unique<HubFixture>();
        m_hub->createPackage(PackageType::Model, QStringLiteral("Acme/Bert"));
        m_head = m_hub->commit(PackageType::Model, QStringLiteral("acme/bert"), QStringLiteral("main"),
                               {{"README.md", Text},
                                {"empty.txt", {}},
                                {"data/to? #1%.txt", Text},
                                {"weights/big.bin", Big, true}});
    }
    void cleanupTestCase() { m_hub.reset(); }

    void resolve_data()
    {
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("content");
        QTest::addRow("text") << QByteArray("/acme/bert/resolve/main/README.md") << Text;
        QTest::addRow("query ignored")
            << QByteArray("/acme/bert/resolve/main/README.md?download=true") << Text;
        QTest::addRow("alias") << QByteArray("/models/acme/bert/resolve/main/README.md") << Text;
        QTest::addRow("api alias") << QByteArray("/api/models/acme/bert/resolve/main/README.md") << Text;
        QTest::addRow("awkward name")
            << QByteArray("/acme/bert/resolve/main/data/to%3F%20%231%25.txt") << Text;
        QTest::addRow("encoded slash")
            << QByteArray("/acme/bert/resolve/main/data%2Fto%3F%20%231%25.txt") << Text;
        QTest::addRow("full ref") << QByteArray("/acme/bert/resolve/refs%2Fheads%2Fmain/README.md") << Text;
        QTest::addRow("full ref, raw") << QByteArray("/acme/bert/resolve/refs/heads/main/README.md") << Text;
        QTest::addRow("LFS") << QByteArray("/acme/bert/resolve/main/weights/big.bin") << Big;
    }
    void resolve()
    {
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, content);
        const auto get = m_hub->get(path);
        QCOMPARE(get.status, 200);
        QVERIFY(get.complete);
        QCOMPARE(get.body, content);
        for (int time = 0; time < 2; ++time) { // from the database, then from memory
            const auto head = m_hub->head(path);
            QCOMPARE(head.status, 200);
            QCOMPARE(head.header("Content-Length").toLongLong(), content.size());
            for (const char* name :
                 {"X-Repo-Commit", "ETag", "X-Linked-Size", "X-Linked-ETag", "Content-Disposition",
                  "Content-Type", "Cache-Control", "Accept-Ranges", "Content-Security-Policy"})
                QCOMPARE(head.header(name), get.header(name));
            QCOMPARE(head.header("X-Repo-Commit"), m_head);
        }
    }

    void revokedRightStopsTheAnswerFromMemory()
    {
        QCOMPARE(m_hub->head("/acme/bert/resolve/main/README.md").status, 200);
        using access::AnonymousAccess;
        QVERIFY(m_hub->services().directory().setAnonymousAccess(AnonymousAccess::Off));
        const auto refused = m_hub->head("/acme/bert/resolve/main/README.md");
        QVERIFY(m_hub->services().directory().setAnonymousAccess(AnonymousAccess::Machine));
        QCOMPARE(refused.status, 401);
        QCOMPARE(refused.header("X-Error-Code"), "RepoNotFound");
        QCOMPARE(m_hub->head("/acme/bert/resolve/main/README.md").status, 200);
    }

    /// What only callers on this machine may have without a token, no shared cache may give to others.
    void sharedCachesKeepOnlyWhatIsForEveryone()
    {
        using access::AnonymousAccess;
        const QByteArray path = "/acme/bert/resolve/" + m_head + "/README.md";
        QVERIFY(m_hub->head(path).header("Cache-Control").startsWith("private"));
        QVERIFY(m_hub->services().directory().setAnonymousAccess(AnonymousAccess::Everywhere));
        const QByteArray cacheControl = m_hub->head(path).header("Cache-Control");
        QVERIFY(m_hub->services().directory().setAnonymousAccess(AnonymousAccess::Machine));
        QVERIFY2(cacheControl.startsWith("public"), cacheControl);
    }

    void ranges_data()
    {
        QTest::addColumn<QByteArray>("headers");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("contentRange");
        QTest::addColumn<QByteArray>("body");
        const QByteArray size = QByteArray::number(Text.size());
        QTest::addRow("first byte") << QByteArray("Range: bytes=0-0\r\n") << 206 << "bytes 0-0/" + size
                                    << Text.left(1);
        QTest::addRow("rest") << QByteArray("Range: bytes=6-\r\n") << 206
                              << "bytes 6-" + QByteArray::number(Text.size() - 1) + '/' + size << Text.mid(6);
        QTest::addRow("last") << QByteArray("Range: bytes=-5\r\n") << 206
                              << "bytes " + QByteArray::number(Text.size() - 5) + '-' +
                                     QByteArray::number(Text.size() - 1) + '/' + size
                              << Text.right(5);
        QTest::addRow("several") << QByteArray("Range: bytes=0-1,3-4\r\n") << 200 << QByteArray() << Text;
        QTest::addRow("other version")
            << QByteArray("Range: bytes=0-0\r\nIf-Range: \"other\"\r\n") << 200 << QByteArray() << Text;
        QTest::addRow("behind the end")
            << QByteArray("Range: bytes=9999-\r\n") << 416 << "bytes */" + size
            << QByteArray(R"({"error":"The range lies behind the end of the file."})");
    }
    void ranges()
    {
        QFETCH(QByteArray, headers);
        QFETCH(int, status);
        QFETCH(QByteArray, contentRange);
        QFETCH(QByteArray, body);
        const auto response = m_hub->get("/acme/bert/resolve/main/README.md", headers);
        QCOMPARE(response.status, status);
        QCOMPARE(response.header("Content-Range"), contentRange);
        QCOMPARE(response.body, body);
    }

    void ifRangeOfThisVersion()
    {
        const QByteArray etag = m_hub->head("/acme/bert/resolve/main/weights/big.bin").header("ETag");
        const auto response = m_hub->get("/acme/bert/resolve/main/weights/big.bin",
                                         "Range: bytes=1000000-1000009\r\nIf-Range: " + etag + "\r\n");
        QCOMPARE(response.status, 206);
        QCOMPARE(response.body, Big.mid(1'000'000, 10));
    }

    void emptyFile()
    {
        const auto whole = m_hub->get("/acme/bert/resolve/main/empty.txt");
        QCOMPARE(whole.status, 200);
        QCOMPARE(whole.header("Content-Length"), "0");
        QCOMPARE(whole.header("ETag"), "\"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391\"");
        const auto probe = m_hub->get("/acme/bert/resolve/main/empty.txt", "Range: bytes=0-0\r\n");
        QCOMPARE(probe.status, 200);
        QCOMPARE(probe.header("Content-Range"), "bytes */0");
        QCOMPARE(probe.header("Content-Length"), "0");
    }

    void absentFileTellsTheCommit_data()
    {
        QTest::addColumn<QByteArray>("path");
        for (const char* path : {"/acme/bert/resolve/main/nope.txt", "/acme/bert/resolve/main/data",
                                 "/acme/bert/resolve/main/data/..%2FREADME.md",
                                 "/acme/bert/resolve/main/a%5Cb", "/acme/bert/raw/main/nope.txt"})
            QTest::addRow("%s", path) << QByteArray(path);
    }
    void absentFileTellsTheCommit()
    {
        QFETCH(QByteArray, path);
        const auto response = m_hub->head(path);
        QCOMPARE(response.status, 404);
        QCOMPARE(response.header("X-Error-Code"), "EntryNotFound");
        QCOMPARE(response.header("X-Repo-Commit"), m_head);
    }

    void raw()
    {
        const auto text = m_hub->get("/acme/bert/raw/main/README.md");
        QCOMPARE(text.body, Text);
        QCOMPARE(text.header("Content-Type"), "text/plain; charset=utf-8");
        const auto pointer = m_hub->get("/acme/bert/raw/main/weights/big.bin");
        QVERIFY(pointer.body.startsWith("version https://git-lfs.github.com/spec/v1\noid sha256:"));
        QVERIFY(pointer.body.endsWith("\nsize 3000000\n"));
        QCOMPARE(pointer.header("X-Repo-Commit"), m_head);
    }

    void rawPointerInRanges()
    {
        const QByteArray path = "/acme/bert/raw/main/weights/big.bin";
        const QByteArray whole = m_hub->get(path).body;
        const QByteArray size = QByteArray::number(whole.size());
        // @huggingface/hub learns the size of what it is going to read from this.
        const auto first = m_hub->get(path, "Range: bytes=0-0\r\n");
        QCOMPARE(first.status, 206);
        QCOMPARE(first.body, whole.left(1));
        QCOMPARE(first.header("Content-Range"), "bytes 0-0/" + size);
        const auto rest = m_hub->get(path, "Range: bytes=8-\r\n");
        QCOMPARE(rest.status, 206);
        QCOMPARE(rest.body, whole.mid(8));
        const auto behind = m_hub->get(path, "Range: bytes=" + size + "-\r\n");
        QCOMPARE(behind.status, 416);
        QCOMPARE(behind.header("Content-Range"), "bytes */" + size);
    }

    void downloadsAreListed()
    {
        QCOMPARE(m_hub->get("/acme/bert/resolve/main/weights/big.bin").body.size(), Big.size());
        const auto isListed = [this] {
            const auto transfers = m_hub->services().transfers().snapshot();
            return std::any_of(transfers.begin(), transfers.end(), [](const service::TransferInfo& info) {
                return info.direction == service::TransferDirection::Download &&
                       info.file == QStringLiteral("weights/big.bin") && info.endedMs > 0 &&
                       info.package == QStringLiteral("models/acme/bert") && info.total == Big.size();
            });
        };
        QTRY_VERIFY(isListed());
    }
};

QTEST_GUILESS_MAIN(TestHubResolve)
#include "tst_hubresolve.moc"
