// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/utf8validator.h"

namespace hublet::api {

bool Utf8Validator::addLead(unsigned char byte)
{
    if (byte < 0x80)
        return true;
    if (byte < 0xc2 || byte > 0xf4)
        return false;
    m_missing = byte < 0xe0 ? 1 : byte < 0xf0 ? 2 : 3;
    // The second byte of these leads is what rules out overlong forms, surrogates and U+110000 and above.
    m_lowest = byte == 0xe0 ? 0xa0 : byte == 0xf0 ? 0x90 : 0x80;
    m_highest = byte == 0xed ? 0x9f : byte == 0xf4 ? 0x8f : 0xbf;
    return true;
}

bool Utf8Validator::add(QByteArrayView bytes)
{
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (m_missing == 0) {
            if (!addLead(byte))
                return false;
            continue;
        }
        if (byte < m_lowest || byte > m_highest)
            return false;
        --m_missing;
        m_lowest = 0x80;
        m_highest = 0xbf;
    }
    return true;
}

} // namespace hublet::api
