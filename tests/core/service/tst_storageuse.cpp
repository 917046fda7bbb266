// SPDX-License-Identifier: Apache-2.0
#include "servicefixture.h"

using namespace hublet;
using namespace hublet::service;
using namespace hublet::service::test;

class TestStorageUse : public QObject {
    Q_OBJECT

    static catalog::StorageUse useOf(ServiceFixture& hublet, const PackageId& id)
    {
        return must(
            hublet->repositories().storageUse(hublet.permit(hublet.owner(), access::Action::Read, id), id));
    }

private slots:
    void countsWhatIsSharedOnce()
    {
        ServiceFixture hublet;
        const PackageId one = model(QStringLiteral("acme/one"));
        const PackageId two = model(QStringLiteral("acme/two"));
        (void)hublet.createPackage(hublet.owner(), one);
        (void)hublet.createPackage(hublet.owner(), two);
        const auto before = must(hublet->repositories().storageUse(ServiceFixture::repository()));
        const auto beforeOne = useOf(hublet, one);

        const QByteArray shared = someBytes(1'000'000, 1);
        const QByteArray own = someBytes(700'000, 2);
        for (const QByteArray& bytes : {shared, own})
            must(hublet.uploadLfs(hublet.owner(), bytes));
        const QString main = QStringLiteral("main");
        must(hublet.commitLfs(hublet.owner(), one, main, "a.bin", shared));
        must(hublet.commitLfs(hublet.owner(), one, main, "b.bin", shared)); // the same content again
        must(hublet.commitLfs(hublet.owner(), two, main, "a.bin", shared));
        must(hublet.commitLfs(hublet.owner(), two, main, "own.bin", own));

        const auto repository = must(hublet->repositories().storageUse(ServiceFixture::repository()));
        QCOMPARE(repository.logical - before.logical, qint64(2 * shared.size() + own.size()));
        QCOMPARE(repository.stored - before.stored, qint64(shared.size() + own.size()));
        QCOMPARE(repository.shared, qint64(0));
        QVERIFY(repository.savedPercent() > 0);

        const auto ofOne = useOf(hublet, one);
        QCOMPARE(ofOne.logical - beforeOne.logical, qint64(shared.size()));
        QCOMPARE(ofOne.stored - beforeOne.stored, qint64(shared.size()));
        QCOMPARE(ofOne.shared - beforeOne.shared, qint64(shared.size()));
    }

    void nothingIsNothingSaved() { QCOMPARE(catalog::StorageUse().savedPercent(), 0.0); }
};

QTEST_GUILESS_MAIN(TestStorageUse)
#include "tst_storageuse.moc"
