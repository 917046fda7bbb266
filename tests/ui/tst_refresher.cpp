// SPDX-License-Identifier: Apache-2.0
#include "ui/refresher.h"

#include <QTest>

using hublet::ui::Refresher;

class RefresherTest : public QObject {
    Q_OBJECT

private slots:
    void asksOnceAtATime()
    {
        int asked = 0;
        Refresher refresher([&asked] { ++asked; });
        refresher.want();
        refresher.want();
        refresher.want();
        QCOMPARE(asked, 1);
        refresher.answered();
        QCOMPARE(asked, 2); // for all that was wanted meanwhile
        refresher.answered();
        QCOMPARE(asked, 2);
        refresher.want();
        QCOMPARE(asked, 3);
    }
    void bearsAnAnswerAtOnce()
    {
        int asked = 0;
        Refresher* self = nullptr;
        Refresher refresher([&] {
            ++asked;
            self->answered();
        });
        self = &refresher;
        refresher.want();
        refresher.want();
        QCOMPARE(asked, 2);
    }
};

QTEST_GUILESS_MAIN(RefresherTest)
#include "tst_refresher.moc"
