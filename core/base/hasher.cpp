// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"

#include <openssl/evp.h>

namespace hublet {

namespace {

/// OpenSSL looks an algorithm up again for every context that starts with EVP_sha256(), which takes longer
/// than hashing something short. Never freed: hashers may outlive any static object.
const EVP_MD* sha256Algorithm()
{
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    return algorithm;
}

const EVP_MD* sha1Algorithm()
{
    static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA1", nullptr);
    return algorithm;
}

void begin(EVP_MD_CTX* context, const EVP_MD* algorithm)
{
    [[maybe_unused]] const int started = EVP_DigestInit_ex(context, algorithm, nullptr);
    Q_ASSERT(started == 1);
}

evp_md_ctx_st* newContext(const EVP_MD* algorithm)
{
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    Q_ASSERT(context);
    begin(context, algorithm);
    return context;
}

void update(EVP_MD_CTX* context, QByteArrayView bytes)
{
    [[maybe_unused]] const int added = EVP_DigestUpdate(context, bytes.data(), static_cast<size_t>(bytes.size()));
    Q_ASSERT(added == 1);
}

template <typename D>
D final(EVP_MD_CTX* context)
{
    D digest;
    unsigned int length = 0;
    [[maybe_unused]] const int done = EVP_DigestFinal_ex(context, digest.bytes().data(), &length);
    Q_ASSERT(done == 1 && length == D::Size);
    return digest;
}

} // namespace

void Sha256Hasher::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }
Sha256Hasher::Sha256Hasher() : m_context(newContext(sha256Algorithm())) {}
Sha256Hasher::~Sha256Hasher() = default;
Sha256Hasher::Sha256Hasher(Sha256Hasher&&) noexcept = default;
Sha256Hasher& Sha256Hasher::operator=(Sha256Hasher&&) noexcept = default;
void Sha256Hasher::add(QByteArrayView bytes) { update(m_context.get(), bytes); }
Sha256 Sha256Hasher::finish() { return final<Sha256>(m_context.get()); }

Sha256 Sha256Hasher::hash(QByteArrayView bytes)
{
    thread_local Sha256Hasher hasher; // making a context takes as long as hashing something short
    EVP_MD_CTX* const context = hasher.m_context.get();
    begin(context, sha256Algorithm());
    hasher.add(bytes);
    return hasher.finish();
}

void Sha1Hasher::Free::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }
Sha1Hasher::Sha1Hasher() : m_context(newContext(sha1Algorithm())) {}
Sha1Hasher::~Sha1Hasher() = default;
Sha1Hasher::Sha1Hasher(Sha1Hasher&&) noexcept = default;
Sha1Hasher& Sha1Hasher::operator=(Sha1Hasher&&) noexcept = default;
void Sha1Hasher::add(QByteArrayView bytes) { update(m_context.get(), bytes); }
GitOid Sha1Hasher::finish() { return final<GitOid>(m_context.get()); }

GitOid gitObjectOid(QByteArrayView type, QByteArrayView body)
{
    Sha1Hasher hasher;
    hasher.add(type.toByteArray() + ' ' + QByteArray::number(body.size()) + '\0');
    hasher.add(body);
    return hasher.finish();
}

Sha1Hasher gitBlobHasher(qint64 size)
{
    Sha1Hasher hasher;
    hasher.add("blob " + QByteArray::number(size) + '\0');
    return hasher;
}

} // namespace hublet
