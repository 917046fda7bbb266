// SPDX-License-Identifier: Apache-2.0
#include "core/base/digest.h"
#include "core/base/hasher.h"

#include <QSet>
#include <QTest>

using namespace hublet;

class TestDigest : public QObject {
    Q_OBJECT
private slots:
    void hexIsChecked_data();
    void hexIsChecked();
    void bytesAreChecked();
    void knownSha256_data();
    void knownSha256();
    void piecesMakeTheSame();
    void knownGitIds_data();
    void knownGitIds();
    void ordersAndHashes();
};

void TestDigest::hexIsChecked_data()
{
    QTest::addColumn<QByteArray>("hex");
    QTest::addColumn<bool>("valid");
    const QByteArray good = "ce013625030ba8dba906f756967f9e9ca394464a";
    QTest::newRow("lower case") << good << true;
    QTest::newRow("upper case") << good.toUpper() << true;
    QTest::newRow("empty") << QByteArray() << false;
    QTest::newRow("one short") << good.chopped(1) << false;
    QTest::newRow("one long") << good + 'a' << false;
    QTest::newRow("a SHA-256") << good + "000000000000000000000000" << false;
    QTest::newRow("g") << good.chopped(1) + 'g' << false;
    QTest::newRow("prefix") << "0x" + good.chopped(2) << false;
    QTest::newRow("blank") << ' ' + good.chopped(1) << false;
    QTest::newRow("NUL") << good.chopped(1) + '\0' << false;
}

void TestDigest::hexIsChecked()
{
    QFETCH(QByteArray, hex);
    QFETCH(bool, valid);
    const auto oid = GitOid::fromHex(hex);
    QCOMPARE(oid.has_value(), valid);
    if (valid)
        QCOMPARE(oid->toHex(), hex.toLower());
}

void TestDigest::bytesAreChecked()
{
    const GitOid oid = gitObjectOid("blob", "hello\n");
    QCOMPARE(GitOid::fromBytes(oid.toBytes()), oid);
    QVERIFY(!GitOid::fromBytes(oid.toBytes().chopped(1)));
    QVERIFY(!Sha256::fromBytes(oid.toBytes()));
    QVERIFY(GitOid().isNull());
    QVERIFY(!oid.isNull());
}

void TestDigest::knownSha256_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("hex");
    // FIPS 180-2, appendix B
    QTest::newRow("abc") << QByteArray("abc")
                         << QByteArray("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    QTest::newRow("448 bits") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                              << QByteArray(
                                     "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    QTest::newRow("a million a") << QByteArray(1'000'000, 'a')
                                 << QByteArray(
                                        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    QTest::newRow("nothing") << QByteArray()
                             << QByteArray(
                                    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

void TestDigest::knownSha256()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, hex);
    QCOMPARE(Sha256Hasher::hash(bytes).toHex(), hex);
}

void TestDigest::piecesMakeTheSame()
{
    const QByteArray bytes = QByteArray("0123456789").repeated(1000);
    for (const qsizetype step : {1, 63, 64, 65, 9999}) {
        Sha256Hasher sha256;
        Sha1Hasher git = gitBlobHasher(bytes.size());
        for (qsizetype at = 0; at < bytes.size(); at += step) {
            const QByteArrayView piece = QByteArrayView(bytes).sliced(at, std::min(step, bytes.size() - at));
            sha256.add(piece);
            git.add(piece);
        }
        QCOMPARE(sha256.finish(), Sha256Hasher::hash(bytes));
        QCOMPARE(git.finish(), gitObjectOid("blob", bytes));
    }
}

void TestDigest::knownGitIds_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("hex");
    // As `git hash-object -t <type> --stdin` says.
    QTest::newRow("empty blob") << QByteArray("blob") << QByteArray()
                                << QByteArray("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    QTest::newRow("hello") << QByteArray("blob") << QByteArray("hello\n")
                           << QByteArray("ce013625030ba8dba906f756967f9e9ca394464a");
    QTest::newRow("empty tree") << QByteArray("tree") << QByteArray()
                                << QByteArray("4b825dc642cb6eb9a060e54bf8d69288fbee4904");
}

void TestDigest::knownGitIds()
{
    QFETCH(QByteArray, type);
    QFETCH(QByteArray, body);
    QFETCH(QByteArray, hex);
    QCOMPARE(gitObjectOid(type, body).toHex(), hex);
}

void TestDigest::ordersAndHashes()
{
    const auto low = GitOid::fromHex(QByteArray(40, '0'));
    const auto high = GitOid::fromHex(QByteArray(40, 'f'));
    QVERIFY(*low < *high);
    QSet<GitOid> set{*low, *high, *low};
    QCOMPARE(set.size(), 2);
    QVERIFY(set.contains(*high));
}

QTEST_APPLESS_MAIN(TestDigest)
#include "tst_digest.moc"
