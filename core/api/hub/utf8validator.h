// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>

namespace hublet::api {

/// Checks text that arrives in pieces, also pieces that cut a character in two, against UTF-8 (RFC 3629: no
/// overlong forms, no surrogates, nothing above U+10FFFF). Not thread-safe.
class Utf8Validator {
public:
    /// False when the text so far cannot be the start of valid UTF-8; the object is of no use afterwards.
    [[nodiscard]] bool add(QByteArrayView bytes);
    /// Does the text so far end at the end of a character?
    [[nodiscard]] bool isComplete() const { return m_missing == 0; }

private:
    [[nodiscard]] bool addLead(unsigned char byte);

    int m_missing = 0; ///< bytes of the current character still to come
    unsigned char m_lowest = 0x80;
    unsigned char m_highest = 0xbf;
};

} // namespace hublet::api
