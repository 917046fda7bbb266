// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/filecache.h"

#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::service;
using namespace hublet::service::test;

class TestFileCache : public QObject {
    Q_OBJECT

    static FileCache::Answer answer() { return std::make_shared<const Browse::FileAnswer>(); }

private slots:
    void givesBackForItsGenerationOnly()
    {
        FileCache cache;
        const auto kept = answer();
        cache.put("key", 3, kept);
        QCOMPARE(cache.find("key", 3), kept);
        QVERIFY(!cache.find("key", 4));
        QVERIFY(!cache.find("key", 2));
        QVERIFY(!cache.find("other", 3));
        const auto newer = answer();
        cache.put("key", 4, newer);
        QCOMPARE(cache.find("key", 4), newer);
    }

    void isBoundedAndForgetsTheLongestUnused()
    {
        FileCache cache;
        constexpr int Capacity = FileCache::Shards * int(FileCache::AnswersPerShard);
        const auto kept = answer();
        cache.put("often used", 1, kept);
        for (int i = 0; i < 4 * Capacity; ++i) {
            cache.put("key" + QByteArray::number(i), 1, kept);
            QVERIFY(cache.find("often used", 1));
        }
        int found = 0;
        for (int i = 0; i < 4 * Capacity; ++i)
            found += cache.find("key" + QByteArray::number(i), 1) ? 1 : 0;
        QVERIFY2(found <= Capacity && found > Capacity / 2, QByteArray::number(found).constData());
        QVERIFY(!cache.find("key0", 1));
    }

    void keepsRequestsApart()
    {
        const RepositoryKey repository = ServiceFixture::repository();
        const QList<QByteArray> segments{"main", "a", "b"};
        const QByteArray key = FileCache::key(repository, model(QStringLiteral("acme/bert")), segments);
        QCOMPARE(FileCache::key(repository, model(QStringLiteral("acme/bert")), segments), key);
        QVERIFY(FileCache::key(repository, dataset(QStringLiteral("acme/bert")), segments) != key);
        QVERIFY(FileCache::key(repository, model(QStringLiteral("acmeb/ert")), segments) != key);
        QVERIFY(FileCache::key(*RepositoryKey::parse(u"other"), model(QStringLiteral("acme/bert")),
                               segments) != key);
        QVERIFY(FileCache::key(repository, model(QStringLiteral("acme/bert")), {"main", "a/b"}) != key);
    }
};

QTEST_GUILESS_MAIN(TestFileCache)
#include "tst_filecache.moc"
