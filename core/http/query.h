// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArrayView>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace hublet::http {

/// The query of a request target, read anew at each question: most handlers ask for one key or none.
/// A repeated key is a list; `key[]` is the same as `key`; '+' is a space; a key without '=' has an empty
/// value. A view: valid as long as the bytes it was made of. Thread-safe.
class Query {
public:
    Query() = default;
    /// `raw` is what follows '?', still percent-encoded, with valid escapes only.
    explicit Query(QByteArrayView raw) : m_raw(raw) {}

    /// What follows '?' as the client sent it; empty without a query.
    [[nodiscard]] QByteArrayView raw() const { return m_raw; }
    [[nodiscard]] bool contains(QByteArrayView key) const;
    /// The first value of `key`.
    [[nodiscard]] std::optional<QString> value(QByteArrayView key) const;
    /// All values of `key` in the order they were sent.
    [[nodiscard]] QStringList values(QByteArrayView key) const;
    /// True for `true` (in any case) and `1`; false for everything else and when absent (hub-api 1.2.6).
    [[nodiscard]] bool flag(QByteArrayView key) const;
    /// Every pair in the order sent, both decoded, "[]" taken off the key.
    void forEach(const std::function<void(const QString& key, const QString& value)>& visit) const;

private:
    QByteArrayView m_raw;
};

} // namespace hublet::http
