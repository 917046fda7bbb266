// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/jsontokenstream.h"

#include "core/base/hexdigit.h"

#include <QChar>
#include <QString>

#include <algorithm>
#include <cstring>

namespace hublet::api {
namespace {

tl::unexpected<Error> malformed(const char* problem)
{
    return fail(ErrorCode::Malformed, QString::fromLatin1(problem));
}

bool isBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isScalarCharacter(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

qsizetype countDigits(QByteArrayView text)
{
    return std::find_if_not(text.begin(), text.end(), isDigit) - text.begin();
}

bool isNumber(QByteArrayView text)
{
    if (text.startsWith('-'))
        text = text.sliced(1);
    const qsizetype whole = countDigits(text);
    if (whole == 0 || (whole > 1 && text.front() == '0'))
        return false;
    text = text.sliced(whole);
    if (text.startsWith('.')) {
        const qsizetype fraction = countDigits(text.sliced(1));
        if (fraction == 0)
            return false;
        text = text.sliced(1 + fraction);
    }
    if (text.startsWith('e') || text.startsWith('E')) {
        text = text.sliced(1);
        if (text.startsWith('-') || text.startsWith('+'))
            text = text.sliced(1);
        const qsizetype exponent = countDigits(text);
        if (exponent == 0)
            return false;
        text = text.sliced(exponent);
    }
    return text.isEmpty();
}

/// Does `c` end the characters of a string that stand for themselves?
bool endsRun(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

/// How many bytes at the start of `text` are surely ASCII that stands for itself: looks at eight at a time,
/// since nearly everything in a commit is one long base64 string.
qsizetype plainAsciiLength(QByteArrayView text)
{
    constexpr quint64 Ones = 0x0101010101010101;
    constexpr quint64 HighBits = 0x80 * Ones;
    // The high bit of each byte of (x - Ones) & ~x tells whether that byte of x is zero, up to the first one
    // that is.
    const auto zeroBytes = [](quint64 x) { return (x - Ones) & ~x; };
    qsizetype length = 0;
    for (; length + 8 <= text.size(); length += 8) {
        quint64 word = 0;
        std::memcpy(&word, text.data() + length, 8);
        const quint64 below0x20 = (word - 0x20 * Ones) & ~word;
        const quint64 special =
            word | below0x20 | zeroBytes(word ^ ('"' * Ones)) | zeroBytes(word ^ ('\\' * Ones));
        if ((special & HighBits) != 0)
            break;
    }
    return length;
}

/// What the character after a backslash stands for; 0 when it is none of JSON's.
char simpleEscape(char c)
{
    switch (c) {
    case '"':
    case '\\':
    case '/':
        return c;
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return 0;
    }
}

} // namespace

void JsonTokenStream::reset()
{
    m_lexeme = Lexeme::None;
    m_expect = Expect::Value;
    m_empty = true;
    m_depth = 0;
    m_highSurrogate = 0;
    m_utf8 = Utf8Validator();
}

Result<void> JsonTokenStream::append(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        Result<void> read;
        switch (m_lexeme) {
        case Lexeme::None:
            read = readStructure(bytes);
            break;
        case Lexeme::String:
            read = readString(bytes);
            break;
        case Lexeme::Escape:
            read = readEscape(bytes);
            break;
        case Lexeme::Unicode:
            read = readUnicode(bytes);
            break;
        case Lexeme::Scalar:
            read = readScalar(bytes);
            break;
        }
        if (!read)
            return read;
    }
    return {};
}

Result<void> JsonTokenStream::finish()
{
    if (m_lexeme == Lexeme::Scalar) {
        if (const auto ended = endScalar(); !ended)
            return ended;
    }
    if (m_lexeme != Lexeme::None || m_expect != Expect::Nothing)
        return malformed("the JSON text is incomplete");
    return {};
}

Result<void> JsonTokenStream::readStructure(QByteArrayView& bytes)
{
    const char c = bytes.front();
    if (isBlank(c)) {
        bytes = bytes.sliced(1);
        return {};
    }
    m_empty = false;
    if (isScalarCharacter(c)) {
        if (!expectsValue())
            return malformed("a value stands where none belongs");
        m_text.clear();
        m_lexeme = Lexeme::Scalar;
        return {};
    }
    bytes = bytes.sliced(1);
    switch (c) {
    case '{':
    case '[':
        return open(c == '{');
    case '}':
    case ']':
        return close(c == '}');
    case '"':
        return startString();
    case ':':
        if (m_expect != Expect::Colon)
            return malformed("a colon stands where none belongs");
        m_expect = Expect::Value;
        return {};
    case ',':
        if (m_expect != Expect::CommaOrEnd)
            return malformed("a comma stands where none belongs");
        m_expect = m_isObject[std::size_t(m_depth - 1)] ? Expect::Key : Expect::Value;
        return {};
    default:
        return malformed("a character stands where none belongs");
    }
}

Result<void> JsonTokenStream::open(bool object)
{
    if (!expectsValue())
        return malformed("a bracket stands where none belongs");
    if (m_depth == MaxDepth)
        return malformed("the JSON text is nested too deeply");
    m_isObject[std::size_t(m_depth++)] = object;
    m_expect = object ? Expect::KeyOrEnd : Expect::ValueOrEnd;
    return object ? m_handler.beginObject() : m_handler.beginArray();
}

Result<void> JsonTokenStream::close(bool object)
{
    const Expect empty = object ? Expect::KeyOrEnd : Expect::ValueOrEnd;
    if (m_depth == 0 || m_isObject[std::size_t(m_depth - 1)] != object ||
        (m_expect != empty && m_expect != Expect::CommaOrEnd))
        return malformed("a closing bracket stands where none belongs");
    --m_depth;
    valueEnded();
    return object ? m_handler.endObject() : m_handler.endArray();
}

Result<void> JsonTokenStream::startString()
{
    m_stringIsKey = m_expect == Expect::Key || m_expect == Expect::KeyOrEnd;
    if (!m_stringIsKey && !expectsValue())
        return malformed("a string stands where none belongs");
    m_text.clear();
    m_lexeme = Lexeme::String;
    return {};
}

Result<void> JsonTokenStream::readString(QByteArrayView& bytes)
{
    const QByteArrayView ascii = bytes.first(plainAsciiLength(bytes));
    const QByteArrayView run = bytes.first(std::find_if(ascii.end(), bytes.end(), endsRun) - bytes.begin());
    if (!run.isEmpty()) {
        if (m_highSurrogate != 0)
            return malformed("a string holds half a character");
        const bool isAscii = ascii.size() == run.size() && m_utf8.isComplete();
        if (!isAscii && !m_utf8.add(run))
            return malformed("a string is not UTF-8");
        if (const auto emitted = emitText(run); !emitted)
            return emitted;
        bytes = bytes.sliced(run.size());
    }
    if (bytes.isEmpty())
        return {};
    const char c = bytes.front();
    bytes = bytes.sliced(1);
    if (!m_utf8.isComplete())
        return malformed("a string is not UTF-8");
    if (c == '"')
        return endString();
    if (c != '\\')
        return malformed("a string holds a control character");
    m_lexeme = Lexeme::Escape;
    return {};
}

Result<void> JsonTokenStream::readEscape(QByteArrayView& bytes)
{
    const char c = bytes.front();
    bytes = bytes.sliced(1);
    if (c == 'u') {
        m_unicode = 0;
        m_unicodeDigits = 0;
        m_lexeme = Lexeme::Unicode;
        return {};
    }
    const char plain = simpleEscape(c);
    if (plain == 0 || m_highSurrogate != 0)
        return malformed("a string holds an escape that JSON does not know");
    m_lexeme = Lexeme::String;
    return emitText(QByteArrayView(&plain, 1));
}

Result<void> JsonTokenStream::readUnicode(QByteArrayView& bytes)
{
    const int value = hexDigitValue(bytes.front());
    bytes = bytes.sliced(1);
    if (value < 0)
        return malformed("a string holds an escape that JSON does not know");
    m_unicode = static_cast<char16_t>(m_unicode << 4 | value);
    if (++m_unicodeDigits < 4)
        return {};
    m_lexeme = Lexeme::String;
    if (QChar::isHighSurrogate(m_unicode) && m_highSurrogate == 0) {
        m_highSurrogate = m_unicode;
        return {};
    }
    if (QChar::isLowSurrogate(m_unicode) != (m_highSurrogate != 0) || QChar::isHighSurrogate(m_unicode))
        return malformed("a string holds half a character");
    const char16_t pair[] = {m_highSurrogate, m_unicode};
    const QStringView character = m_highSurrogate != 0 ? QStringView(pair, 2) : QStringView(pair + 1, 1);
    m_highSurrogate = 0;
    return emitText(character.toUtf8());
}

Result<void> JsonTokenStream::emitText(QByteArrayView bytes)
{
    if (!m_stringIsKey)
        return m_handler.stringPiece(bytes);
    if (m_text.size() + bytes.size() > MaxKeyBytes)
        return malformed("a key is too long");
    m_text.append(bytes);
    return {};
}

Result<void> JsonTokenStream::endString()
{
    if (m_highSurrogate != 0)
        return malformed("a string holds half a character");
    m_lexeme = Lexeme::None;
    if (m_stringIsKey) {
        m_expect = Expect::Colon;
        return m_handler.key(m_text);
    }
    valueEnded();
    return m_handler.endString();
}

Result<void> JsonTokenStream::readScalar(QByteArrayView& bytes)
{
    const qsizetype length = std::find_if_not(bytes.begin(), bytes.end(), isScalarCharacter) - bytes.begin();
    if (m_text.size() + length > MaxScalarBytes)
        return malformed("a number is too long");
    m_text.append(bytes.first(length));
    bytes = bytes.sliced(length);
    return bytes.isEmpty() ? Result<void>() : endScalar();
}

Result<void> JsonTokenStream::endScalar()
{
    m_lexeme = Lexeme::None;
    if (m_text != "true" && m_text != "false" && m_text != "null" && !isNumber(m_text))
        return malformed("a value is not JSON");
    valueEnded();
    return m_handler.scalar(m_text);
}

} // namespace hublet::api
