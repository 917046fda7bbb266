// SPDX-License-Identifier: Apache-2.0
#include "core/base/sharedroom.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace hublet;

class TestSharedRoom : public QObject {
    Q_OBJECT

private slots:
    void isDividedAmongTheOpenShares();
};

void TestSharedRoom::isDividedAmongTheOpenShares()
{
    SharedRoom room({.total = 120, .least = 10, .most = 50});
    const SharedRoom::Share first(room);
    QCOMPARE(first.bytes(), 50);

    std::vector<std::unique_ptr<SharedRoom::Share>> others;
    const auto open = [&](std::size_t count) {
        while (others.size() < count)
            others.push_back(std::make_unique<SharedRoom::Share>(room));
    };
    open(1);
    QCOMPARE(first.bytes(), 50);
    open(2);
    QCOMPARE(first.bytes(), 40);
    QCOMPARE(others.back()->bytes(), 40);
    open(20);
    QCOMPARE(first.bytes(), 10);
    others.clear();
    QCOMPARE(first.bytes(), 50);
}

QTEST_APPLESS_MAIN(TestSharedRoom)
#include "tst_sharedroom.moc"
