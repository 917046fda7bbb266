// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/digest.h"
#include "core/base/names.h"

#include <QJsonObject>
#include <QStringList>

#include <optional>
#include <vector>

namespace hublet::catalog {

enum class Gating { Open, Automatic, Manual };

/// What the card (front matter of README.md) says; for Package::card kept up to date by every commit.
struct CardFacts {
    QJsonObject data;       ///< the front matter as JSON, empty when there is none or it is invalid
    QStringList tags;       ///< Hub tags: card tags plus "license:mit", "language:en", "dataset:x", library, task
    QString pipelineTag;
    QString libraryName;
};

struct Package {
    qint64 rowId = 0;
    qint64 repositoryId = 0;
    RepositoryKey repository;
    PackageId id;
    QByteArray hubId; ///< 24 hex digits
    bool isPrivate = false;
    Gating gating = Gating::Open;
    bool disabled = false;
    QString creator; ///< user name
    qint64 createdMs = 0;
    qint64 modifiedMs = 0; ///< time of the newest commit to any ref
    GitOid head;           ///< commit of main; null when main does not exist
    qint64 totalSize = 0; ///< logical bytes; with fileCount and card at main or, while there is none, of what
                          ///< was last published on another branch or release
    qint64 fileCount = 0;
    qint64 downloads = 0;
    CardFacts card;
};

/// Filter, order and page of a list of packages (hub-api 3.4).
struct PackageQuery {
    std::optional<PackageType> type;
    std::optional<QString> author;     ///< namespace, without regard to case
    QStringList search;                ///< every word must occur in the id
    QStringList tags;                  ///< every tag must be among CardFacts::tags
    std::optional<QString> pipelineTag;
    std::optional<bool> gated;
    enum class Sort { Modified, Created, Downloads, Id };
    Sort sort = Sort::Modified;
    bool descending = true;
    int limit = 100;
    QByteArray cursor; ///< from the page before; opaque
};

template <typename T>
struct Page {
    std::vector<T> items;
    QByteArray nextCursor; ///< empty on the last page; opaque, ASCII
};

} // namespace hublet::catalog
