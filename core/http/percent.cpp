// SPDX-License-Identifier: Apache-2.0
#include "core/http/percent.h"

#include "core/base/hexdigit.h"

namespace hublet::http {

namespace {

constexpr char kFirstPrintable = '!';
constexpr char kLastPrintable = '~';

void appendDecoded(QByteArray& out, QByteArrayView encoded, bool plusIsSpace)
{
    for (qsizetype i = 0; i < encoded.size(); ++i) {
        if (encoded[i] == '%' && i + 2 < encoded.size()) {
            out.append(static_cast<char>(hexDigitValue(encoded[i + 1]) << 4 | hexDigitValue(encoded[i + 2])));
            i += 2;
        } else if (encoded[i] == '+' && plusIsSpace) {
            out.append(' ');
        } else {
            out.append(encoded[i]);
        }
    }
}

} // namespace

bool isCleanTarget(QByteArrayView target)
{
    for (qsizetype i = 0; i < target.size(); ++i) {
        if (target[i] < kFirstPrintable || target[i] > kLastPrintable)
            return false;
        if (target[i] != '%')
            continue;
        if (i + 2 >= target.size())
            return false;
        const int high = hexDigitValue(target[i + 1]);
        const int low = hexDigitValue(target[i + 2]);
        if (high < 0 || low < 0 || (high == 0 && low == 0))
            return false;
        i += 2;
    }
    return true;
}

void appendDecoded(QByteArray& out, QByteArrayView encoded)
{
    appendDecoded(out, encoded, false);
}

void appendDecodedQuery(QByteArray& out, QByteArrayView encoded)
{
    appendDecoded(out, encoded, true);
}

} // namespace hublet::http
