// SPDX-License-Identifier: Apache-2.0
#include "core/store/context/leasetable.h"
#include "core/store/files/filecache.h"
#include "core/store/files/fileio.h"
#include "core/store/files/packformat.h"
#include "core/store/upkeep/liveset.h"
#include "tests/core/store/storefixture.h"

#include <QTemporaryFile>
#include <QTest>

#include <fcntl.h>

#include <future>

using namespace hublet;
using namespace hublet::store;
using test::StoreFixture;
using test::testBytes;

/// The small parts of the store, each on its own.
class TestStoreParts : public QObject {
    Q_OBJECT
private slots:
    void leaseAndDoomExclude();
    void leaseOnDoomedWaits();
    void fileCacheClosesTheOldest();
    void fileCacheForgets();
    void liveSetHoldsManyRepeats();
    void packExplainsItself();
    void packIndexIsChecked_data();
    void packIndexIsChecked();
};

void TestStoreParts::leaseAndDoomExclude()
{
    LeaseTable leases;
    const Sha256 a = Sha256Hasher::hash("a");
    leases.acquire(a);
    leases.acquire(a);
    QVERIFY(!leases.doom(a));
    leases.release(a);
    QVERIFY(!leases.doom(a));
    leases.release(a);
    {
        DoomedSet doomed(leases);
        QVERIFY(doomed.add(a));
    }
    leases.acquire(a); // pardoned by the scope
    leases.release(a);
}

void TestStoreParts::leaseOnDoomedWaits()
{
    LeaseTable leases;
    const Sha256 a = Sha256Hasher::hash("a");
    QVERIFY(leases.doom(a));
    std::atomic<bool> isGone = false;
    auto lease = std::async(std::launch::async, [&] {
        leases.acquire(a);
        return isGone.load();
    });
    QCOMPARE(lease.wait_for(std::chrono::milliseconds(20)), std::future_status::timeout);
    isGone = true;
    leases.pardon(a);
    QVERIFY(lease.get());
}

void TestStoreParts::fileCacheClosesTheOldest()
{
    FileCache cache(3);
    int opened = 0;
    const auto open = [&]() -> Result<UniqueFd> {
        ++opened;
        return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    };
    std::weak_ptr<const UniqueFd> first = *cache.get(1, open);
    QVERIFY(cache.get(2, open) && cache.get(3, open));
    QVERIFY(cache.get(1, open)); // used again
    QCOMPARE(opened, 3);
    QVERIFY(cache.get(4, open)); // drops 2
    QVERIFY(!first.expired());
    QVERIFY(cache.get(1, open));
    QCOMPARE(opened, 4);
    QVERIFY(cache.get(2, open));
    QCOMPARE(opened, 5);
    const auto missing =
        cache.get(9, []() -> Result<UniqueFd> { return fail(ErrorCode::NotFound, QStringLiteral("no")); });
    QCOMPARE(missing.error().code(), ErrorCode::NotFound);
}

void TestStoreParts::fileCacheForgets()
{
    FileCache cache(3);
    const auto open = []() -> Result<UniqueFd> {
        return UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    };
    std::weak_ptr<const UniqueFd> file = *cache.get(1, open);
    QVERIFY(!file.expired());
    cache.forget(1);
    QVERIFY(file.expired());
    // What is forgotten while it is being opened is not kept.
    const auto used = cache.get(2, [&] {
        cache.forget(2);
        return open();
    });
    file = *used;
    QVERIFY(used);
    QCOMPARE(used->use_count(), 1);
}

void TestStoreParts::liveSetHoldsManyRepeats()
{
    LiveSet live;
    std::vector<Sha256> digests;
    for (int i = 0; i < 1000; ++i)
        digests.push_back(Sha256Hasher::hash(QByteArray::number(i)));
    for (int round = 0; round < 200; ++round) {
        for (int i = 0; i < 1000; i += 2)
            live.add(digests[std::size_t(i)]);
    }
    live.sort();
    for (int i = 0; i < 1000; ++i)
        QCOMPARE(live.contains(digests[std::size_t(i)]), i % 2 == 0);
}

void TestStoreParts::packExplainsItself()
{
    StoreFixture fixture;
    ContentWriter writer = fixture.store->writer();
    QMap<Sha256, QByteArray> contents;
    for (quint32 i = 0; i < 50; ++i) {
        const QByteArray bytes = testBytes(i * 100, i);
        contents.insert(StoreFixture::stage(writer, bytes)->sha256, bytes);
    }
    QVERIFY(writer.publish());
    const QString pack = fixture.files(QStringLiteral("packs")).first();
    QFile file(fixture.options.folder + u'/' + pack);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto entries = readPackIndex(file.handle(), file.size());
    QVERIFY(entries);
    QCOMPARE(entries->size(), std::size_t(contents.size()));
    for (const PackEntry& entry : *entries)
        QCOMPARE(readAt(file.handle(), entry.offset, entry.size).value(), contents.value(entry.sha256));
    QCOMPARE(QFileInfo(pack).fileName().toLatin1(), Sha256Hasher::hash(file.readAll()).toHex());
    qint64 bytes = 0;
    for (const QByteArray& content : contents)
        bytes += content.size();
    QCOMPARE(packFileSize(contents.size(), bytes), file.size());
}

void TestStoreParts::packIndexIsChecked_data()
{
    QTest::addColumn<QByteArray>("pack");
    const PackEntry entry{Sha256Hasher::hash("x"), PackHeaderBytes, 5};
    const QByteArray head = QByteArray(PackMagic) + "12345";
    QTest::newRow("empty file") << QByteArray();
    QTest::newRow("only a magic") << QByteArray(PackMagic);
    QTest::newRow("cut off") << (head + packTrailer({entry}, head.size())).chopped(1);
    QTest::newRow("wrong magic") << head + packTrailer({entry}, head.size()).replace(48 + 16, 1, "X");
    QTest::newRow("entry behind the end")
        << head + packTrailer({{entry.sha256, PackHeaderBytes, 6}}, head.size());
    QTest::newRow("entry before the start") << head + packTrailer({{entry.sha256, 0, 5}}, head.size());
    QTest::newRow("negative size") << head + packTrailer({{entry.sha256, PackHeaderBytes, -1}}, head.size());
    QTest::newRow("huge offset") << head + packTrailer({{entry.sha256, Q_INT64_C(0x7fffffffffffffff), 5}},
                                                       head.size());
    QTest::newRow("wrong index offset") << head + packTrailer({entry}, head.size() - 1);
    QByteArray manyEntries = head + packTrailer({entry}, head.size());
    manyEntries.replace(head.size() + 48, 8, QByteArray(8, '\x7f'));
    QTest::newRow("too many entries") << manyEntries;
}

void TestStoreParts::packIndexIsChecked()
{
    QFETCH(QByteArray, pack);
    QTemporaryFile file;
    QVERIFY(file.open());
    file.write(pack);
    file.flush();
    const auto entries = readPackIndex(file.handle(), pack.size());
    QVERIFY(!entries);
    QCOMPARE(entries.error().code(), ErrorCode::Corrupt);
}

QTEST_GUILESS_MAIN(TestStoreParts)
#include "tst_storeparts.moc"
