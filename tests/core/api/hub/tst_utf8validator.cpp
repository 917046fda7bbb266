// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/utf8validator.h"

#include <QTest>

using namespace hublet::api;

namespace {

bool isValid(QByteArrayView text, qsizetype step)
{
    Utf8Validator validator;
    for (qsizetype at = 0; at < text.size(); at += step) {
        if (!validator.add(text.sliced(at, std::min(step, text.size() - at))))
            return false;
    }
    return validator.isComplete();
}

} // namespace

class Utf8ValidatorTest : public QObject {
    Q_OBJECT

private slots:
    /// Every text of three bytes, and each as the start of one of four, must be judged as Qt judges it.
    void agreesWithQt()
    {
        for (int first = 0; first < 256; ++first) {
            for (int second = 0; second < 256; ++second) {
                for (const int third : {0x00, 0x41, 0x7f, 0x80, 0x9f, 0xa0, 0xbf, 0xc0, 0xff}) {
                    const char text[] = {char(first), char(second), char(third), char(0x80)};
                    for (const qsizetype size : {3, 4}) {
                        const QByteArrayView view(text, size);
                        if (isValid(view, 1) != view.isValidUtf8() || isValid(view, 4) != view.isValidUtf8())
                            QFAIL(view.toByteArray().toHex().constData());
                    }
                }
            }
        }
    }
};

QTEST_GUILESS_MAIN(Utf8ValidatorTest)
#include "tst_utf8validator.moc"
