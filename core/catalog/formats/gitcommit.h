// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/model/commitrequest.h"

namespace hublet::catalog {

/// The git object behind a commit: the rules by which texts become part of it, and its encoding.
struct GitCommit {
    /// `title` and `description` as they are stored and encoded: one line, and the rest without blank lines
    /// around it; characters that git forbids are gone.
    struct Message {
        QString title;
        QString body;
    };
    [[nodiscard]] static Message cleanMessage(const QString& title, const QString& description);
    /// Without '<', '>', line ends and NUL; a name that is empty then becomes "unknown".
    [[nodiscard]] static Signature cleanSignature(const Signature& signature);

    /// Body of the git object of a commit whose texts are clean. Author is committer; time in whole seconds,
    /// UTC.
    [[nodiscard]] static QByteArray encode(const Commit& commit);
};

} // namespace hublet::catalog
