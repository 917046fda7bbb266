// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/access/authenticator.h"

#include <QByteArray>

namespace hublet::access {

/// The credential that a request carries, taken apart but not judged. Points into Credentials or into itself;
/// what was decoded is wiped at the end.
struct ParsedCredential {
    enum class Kind {
        None,
        Token,    ///< `token` has the form of a token, checksum included
        Password, ///< `user` and `password` of Basic, the password not having the form of a token
        Malformed,
    };

    explicit ParsedCredential(const Credentials& credentials);
    ~ParsedCredential();
    ParsedCredential(const ParsedCredential&) = delete;
    ParsedCredential& operator=(const ParsedCredential&) = delete;

    Kind kind = Kind::Malformed;
    QByteArrayView token;
    QByteArrayView user;
    QByteArrayView password;

private:
    void acceptToken(QByteArrayView text);
    void decodeBasic(QByteArrayView base64);

    QByteArray m_decoded;
};

} // namespace hublet::access
