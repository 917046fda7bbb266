// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/jsonwriter.h"
#include "core/base/result.h"
#include "core/catalog/model/package.h"
#include "core/catalog/model/revision.h"
#include "core/http/query.h"

#include <QByteArrayList>

#include <functional>
#include <vector>

namespace hublet::api {

/// Which fields of a package an answer has, from the query of info and lists (hub-api 3.3): `expand` names
/// them one by one, otherwise a fixed set.
class PackageFields {
public:
    /// For GET /api/{type}/{id}[/revision/{rev}].
    [[nodiscard]] static PackageFields forInfo(const http::Query& query);
    /// For GET /api/{type}: siblings only with `full`, the card only with `cardData` or `full`.
    [[nodiscard]] static PackageFields forListing(const http::Query& query);

    /// `field`: a name as in the answer. Names that the Hub does not have are never there (DECISIONS 29).
    [[nodiscard]] bool has(QByteArrayView field) const;
    /// Were fields named one by one?
    [[nodiscard]] bool isExpanded() const { return !m_expand.isEmpty(); }
    /// The repository serves Xet clients.
    [[nodiscard]] bool hasXet() const { return m_xet; }
    [[nodiscard]] PackageFields withXet(bool on) &&
    {
        m_xet = on;
        return std::move(*this);
    }
    /// Sizes and ids in `siblings`.
    [[nodiscard]] bool hasBlobs() const { return m_blobs; }

private:
    QByteArrayList m_expand;
    QByteArrayList m_leftOut; ///< of the fixed set
    bool m_blobs = false;
    bool m_securityStatus = false;
    bool m_xet = false;
};

/// The next files of the revision that is described, a bounded number of them; none at the end.
using FilePages = std::function<Result<std::vector<catalog::TreeEntry>>()>;

/// Writes the Hub's JSON form of a package, piece by piece: it may have 100,000 files. Not thread-safe.
class PackageJson {
public:
    /// `sha`: of the revision asked for; empty = left out (nothing was published on main). `files` is only
    /// called when the answer has siblings.
    PackageJson(catalog::Package package, QByteArray sha, PackageFields fields, FilePages files);

    /// Writes on until `json` holds `bytes` or everything is written; one page of files may be too much. An
    /// error of the files is handed on, and what was written is useless then.
    [[nodiscard]] Result<void> write(JsonWriter& json, qsizetype bytes);
    [[nodiscard]] bool isDone() const { return m_stage == Stage::Done; }
    /// All by itself: the next bytes; empty at the end.
    [[nodiscard]] Result<QByteArray> next();

private:
    enum class Stage { Start, Files, End, Done };
    void start(JsonWriter& json);
    [[nodiscard]] Result<void> writeFiles(JsonWriter& json);
    void end(JsonWriter& json);

    const catalog::Package m_package;
    const QByteArray m_sha;
    const PackageFields m_fields;
    const FilePages m_files;
    JsonWriter m_json; ///< of next()
    Stage m_stage = Stage::Start;
};

/// false, "auto" or "manual".
[[nodiscard]] QJsonValue gatingValue(catalog::Gating gating);

} // namespace hublet::api
