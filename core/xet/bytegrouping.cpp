// SPDX-License-Identifier: Apache-2.0
#include "core/xet/bytegrouping.h"

namespace hublet::xet {

namespace {

constexpr qsizetype Groups = 4;

} // namespace

QByteArray groupBytes(QByteArrayView bytes)
{
    QByteArray grouped(bytes.size(), Qt::Uninitialized);
    char* out = grouped.data();
    for (qsizetype group = 0; group < Groups; ++group) {
        for (qsizetype i = group; i < bytes.size(); i += Groups)
            *out++ = bytes[i];
    }
    return grouped;
}

void ungroupBytes(QByteArrayView grouped, char* out)
{
    const char* in = grouped.data();
    for (qsizetype group = 0; group < Groups; ++group) {
        for (qsizetype i = group; i < grouped.size(); i += Groups)
            out[i] = *in++;
    }
}

} // namespace hublet::xet
