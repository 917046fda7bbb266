// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>

namespace hublet::service {

/// Turns bytes into text that only holders of the data folder's key can make, and back: the bytes and their
/// HMAC-SHA256, both base64url (letters, digits, '-', '_'). The bytes are not hidden. The text outlives a
/// restart, as the key does. Thread-safe.
class Seal {
public:
    /// `key`: secret bytes, not empty. `purpose` keeps this use of the key apart from every other, and one
    /// form of the bytes from the next.
    Seal(QByteArray key, QByteArray purpose);

    [[nodiscard]] QByteArray close(const QByteArray& bytes) const;
    /// Nothing when the text was changed, cut, or sealed with another key or for another purpose.
    [[nodiscard]] std::optional<QByteArray> open(QByteArrayView text) const;

private:
    [[nodiscard]] QByteArray code(QByteArrayView bytes) const;

    const QByteArray m_key;
    const QByteArray m_purpose;
};

} // namespace hublet::service
