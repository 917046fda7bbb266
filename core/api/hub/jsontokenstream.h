// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/api/hub/utf8validator.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <bitset>

namespace hublet::api {

/// Cuts one JSON value (RFC 8259) that arrives in pieces of any length into tokens. Keeps no more of it than
/// a key and a number: a string value is handed on piece by piece however long it is, escapes resolved,
/// checked to be UTF-8. Lone surrogates are refused, since no UTF-8 can stand for them. Not thread-safe.
///
/// After an error the object is of no use before reset().
class JsonTokenStream {
public:
    static constexpr int MaxDepth = 64;       ///< arrays and objects inside one another
    static constexpr int MaxKeyBytes = 1024;  ///< longest name in an object, UTF-8, escapes resolved
    static constexpr int MaxScalarBytes = 64; ///< longest number

    /// Told of each token, in order. An error stops the reading and comes out of append() or finish().
    class Handler {
    public:
        [[nodiscard]] virtual Result<void> beginObject() = 0;
        [[nodiscard]] virtual Result<void> endObject() = 0;
        [[nodiscard]] virtual Result<void> beginArray() = 0;
        [[nodiscard]] virtual Result<void> endArray() = 0;
        [[nodiscard]] virtual Result<void> key(QByteArrayView name) = 0;
        /// Some bytes of a string value; a piece may end inside a character. An empty string has no pieces.
        [[nodiscard]] virtual Result<void> stringPiece(QByteArrayView bytes) = 0;
        [[nodiscard]] virtual Result<void> endString() = 0;
        /// A number as it was written, or "true", "false", "null".
        [[nodiscard]] virtual Result<void> scalar(QByteArrayView text) = 0;

    protected:
        ~Handler() = default;
    };

    /// `handler` must outlive this object.
    explicit JsonTokenStream(Handler& handler) : m_handler(handler) {}

    /// The next bytes. Errors: Malformed, or what the handler returned.
    [[nodiscard]] Result<void> append(QByteArrayView bytes);
    /// There are no more bytes. Errors: Malformed when the value is incomplete or absent, or what the handler
    /// returned.
    [[nodiscard]] Result<void> finish();
    /// Nothing but blanks so far.
    [[nodiscard]] bool isEmpty() const { return m_empty; }
    /// Ready for another value.
    void reset();

private:
    enum class Lexeme { None, String, Escape, Unicode, Scalar };
    enum class Expect { Value, ValueOrEnd, Key, KeyOrEnd, Colon, CommaOrEnd, Nothing };

    /// Each takes some bytes off the front of `bytes`.
    [[nodiscard]] Result<void> readStructure(QByteArrayView& bytes);
    [[nodiscard]] Result<void> readString(QByteArrayView& bytes);
    [[nodiscard]] Result<void> readEscape(QByteArrayView& bytes);
    [[nodiscard]] Result<void> readUnicode(QByteArrayView& bytes);
    [[nodiscard]] Result<void> readScalar(QByteArrayView& bytes);

    [[nodiscard]] Result<void> open(bool object);
    [[nodiscard]] Result<void> close(bool object);
    [[nodiscard]] Result<void> startString();
    [[nodiscard]] Result<void> endString();
    [[nodiscard]] Result<void> endScalar();
    [[nodiscard]] Result<void> emitText(QByteArrayView bytes);
    [[nodiscard]] bool expectsValue() const
    {
        return m_expect == Expect::Value || m_expect == Expect::ValueOrEnd;
    }
    void valueEnded() { m_expect = m_depth == 0 ? Expect::Nothing : Expect::CommaOrEnd; }

    Handler& m_handler;
    Lexeme m_lexeme = Lexeme::None;
    Expect m_expect = Expect::Value;
    bool m_empty = true;
    bool m_stringIsKey = false;
    int m_depth = 0;
    std::bitset<MaxDepth> m_isObject; ///< by depth: object or array
    QByteArray m_text;                ///< of the current key or scalar
    Utf8Validator m_utf8;
    int m_unicodeDigits = 0;
    char16_t m_unicode = 0;
    char16_t m_highSurrogate = 0; ///< waiting for its other half; 0: none
};

} // namespace hublet::api
