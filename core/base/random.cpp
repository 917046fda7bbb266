// SPDX-License-Identifier: Apache-2.0
#include "core/base/random.h"

#include <QRandomGenerator>

#include <string_view>

namespace hublet {

QByteArray randomBytes(qsizetype count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    for (char& c : bytes)
        c = static_cast<char>(QRandomGenerator::system()->bounded(256));
    return bytes;
}

QByteArray randomBase62(qsizetype count)
{
    static constexpr std::string_view Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    QByteArray text(count, Qt::Uninitialized);
    for (char& c : text)
        c = Alphabet[static_cast<std::size_t>(QRandomGenerator::system()->bounded(62))];
    return text;
}

QByteArray randomHubId() { return randomBytes(12).toHex(); }

} // namespace hublet
