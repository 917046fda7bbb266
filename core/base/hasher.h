// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"

#include <memory>

struct evp_md_ctx_st;

namespace hublet {

/// Incremental hash over OpenSSL's EVP (SHA-NI where the CPU has it). Not thread-safe; one object per stream.
/// finish() may be called once; the object is spent afterwards.
class Sha256Hasher {
public:
    Sha256Hasher();
    ~Sha256Hasher();
    Sha256Hasher(Sha256Hasher&&) noexcept;
    Sha256Hasher& operator=(Sha256Hasher&&) noexcept;

    void add(QByteArrayView bytes);
    [[nodiscard]] Sha256 finish();

    [[nodiscard]] static Sha256 hash(QByteArrayView bytes);

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

/// Plain SHA-1; git ids are made with gitObjectOid() or by adding the header "<type> <size>\0" first.
class Sha1Hasher {
public:
    Sha1Hasher();
    ~Sha1Hasher();
    Sha1Hasher(Sha1Hasher&&) noexcept;
    Sha1Hasher& operator=(Sha1Hasher&&) noexcept;

    void add(QByteArrayView bytes);
    [[nodiscard]] GitOid finish();

private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

/// SHA-1 of "<type> <size>\0<body>"; `type` is "blob", "tree" or "commit".
[[nodiscard]] GitOid gitObjectOid(QByteArrayView type, QByteArrayView body);
/// The same for a blob whose body comes later in pieces: a hasher already fed with the header.
[[nodiscard]] Sha1Hasher gitBlobHasher(qint64 size);

} // namespace hublet
