// SPDX-License-Identifier: Apache-2.0
#include "tests/core/store/storefixture.h"
#include "tests/support/failingsync.h"

using namespace hublet;
using namespace hublet::store;
using namespace hublet::test;

/// What the disk fails to keep ends all writing, whichever upload it belonged to.
class TestFailedSync : public QObject {
    Q_OBJECT
private slots:
    void endsWriting();
    void isNotForgottenWithTheUpload_data();
    void isNotForgottenWithTheUpload();
};

void TestFailedSync::endsWriting()
{
    StoreFixture fixture;
    {
        const FailingSync failing;
        QCOMPARE(fixture.put(testBytes(700'000, 1)).error().code(), ErrorCode::Io);
    }
    QVERIFY(fixture.store->isReadOnly());
    QCOMPARE(fixture.put(testBytes(700'000, 2)).error().code(), ErrorCode::ReadOnly);
    fixture.reopen();
    QVERIFY(fixture.put(testBytes(700'000, 2)));
}

void TestFailedSync::isNotForgottenWithTheUpload_data()
{
    QTest::addColumn<StorageForm>("form");
    QTest::newRow("blob") << StorageForm::Whole;
    QTest::newRow("xorb") << StorageForm::Segments;
}

void TestFailedSync::isNotForgottenWithTheUpload()
{
    QFETCH(const StorageForm, form);
    StoreFixture fixture;
    {
        const FailingSync failing;
        ContentWriter writer = fixture.store->writer(form);
        // More than a xorb holds: its sync begins while the upload goes on.
        QVERIFY(StoreFixture::stage(writer, testBytes(80'000'000, 1)));
    } // the client went away
    QVERIFY(fixture.store->isReadOnly());
    QCOMPARE(fixture.put(testBytes(700'000, 2)).error().code(), ErrorCode::ReadOnly);
}

QTEST_GUILESS_MAIN(TestFailedSync)
#include "tst_failedsync.moc"
