// SPDX-License-Identifier: Apache-2.0
#include "core/access/passwordhasher.h"

#include <sodium.h>

#include <chrono>

namespace hublet::access {

namespace {

/// Right for no password that anyone could find, but verifying it takes as long as any other.
QByteArray dummyHash(unsigned long long operations, std::size_t memoryBytes)
{
    constexpr qsizetype SaltDigits = 22; // 16 bytes in base64 without padding
    constexpr qsizetype HashDigits = 43; // 32 bytes
    return "$argon2id$v=19$m=" + QByteArray::number(static_cast<qulonglong>(memoryBytes / 1024)) +
           ",t=" + QByteArray::number(operations) + ",p=1$" + QByteArray(SaltDigits, 'A') + '$' +
           QByteArray(HashDigits, 'A');
}

} // namespace

PasswordHasher::Turn::~Turn()
{
    if (!m_hasher)
        return;
    {
        const std::lock_guard lock(m_hasher->m_mutex);
        --m_hasher->m_running;
    }
    m_hasher->m_turnEnded.notify_one();
}

PasswordHasher::PasswordHasher(PasswordCost cost)
    : m_operations(cost == PasswordCost::Interactive ? crypto_pwhash_OPSLIMIT_INTERACTIVE
                                                     : crypto_pwhash_OPSLIMIT_MIN),
      m_memoryBytes(cost == PasswordCost::Interactive ? crypto_pwhash_MEMLIMIT_INTERACTIVE
                                                      : crypto_pwhash_MEMLIMIT_MIN),
      m_dummyHash(dummyHash(m_operations, m_memoryBytes))
{
}

Result<PasswordHasher::Turn> PasswordHasher::takeTurn() const
{
    std::unique_lock lock(m_mutex);
    const bool isFree = m_turnEnded.wait_for(lock, std::chrono::milliseconds(MaxWaitMs),
                                             [this] { return m_running < MaxAtOnce; });
    if (!isFree)
        return fail(ErrorCode::Busy, QStringLiteral("Too many log-ins at the same time"));
    ++m_running;
    return Turn(*this);
}

Result<QByteArray> PasswordHasher::hash(QByteArrayView password) const
{
    if (password.size() < MinPasswordBytes || password.size() > MaxPasswordBytes) {
        return fail(ErrorCode::InvalidArgument, QStringLiteral("A password must have %1 to %2 bytes")
                                                    .arg(MinPasswordBytes)
                                                    .arg(MaxPasswordBytes));
    }
    const auto turn = takeTurn();
    if (!turn)
        return forward(turn);
    QByteArray text(crypto_pwhash_STRBYTES, '\0');
    const int failed =
        crypto_pwhash_str(text.data(), password.data(), static_cast<unsigned long long>(password.size()),
                          m_operations, m_memoryBytes);
    if (failed != 0)
        return fail(ErrorCode::Internal, QStringLiteral("Not enough memory to hash a password"));
    text.truncate(text.indexOf('\0'));
    return text;
}

bool PasswordHasher::verify(const Turn&, const QByteArray& hash, QByteArrayView password) const
{
    if (password.size() > MaxPasswordBytes)
        return false;
    const QByteArray& expected = hash.isEmpty() ? m_dummyHash : hash;
    const char* text = password.isNull() ? "" : password.data();
    const bool isRight = crypto_pwhash_str_verify(expected.constData(), text,
                                                  static_cast<unsigned long long>(password.size())) == 0;
    return isRight && !hash.isEmpty();
}

bool PasswordHasher::isOutdated(const QByteArray& hash) const
{
    return crypto_pwhash_str_needs_rehash(hash.constData(), m_operations, m_memoryBytes) != 0;
}

} // namespace hublet::access
