// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/service/packages/browse.h"

#include <QHash>

#include <array>
#include <list>
#include <mutex>

namespace hublet::service {

/// Answers to resolve requests, so that a HEAD asked again costs no database read. Each is good for one
/// generation of the catalogue. Bounded; the longest unused go first. Thread-safe; split into shards so that
/// threads seldom meet.
class FileCache {
public:
    using Answer = std::shared_ptr<const Browse::FileAnswer>;

    static constexpr int Shards = 16;
    static constexpr std::size_t AnswersPerShard = 1024;

    /// Identifies a request as it was spelled: another spelling of the same name only costs another entry.
    [[nodiscard]] static QByteArray key(const RepositoryKey& repository, const PackageId& id,
                                        const QList<QByteArray>& segments);

    /// Null when there is none for this generation.
    [[nodiscard]] Answer find(const QByteArray& key, quint64 generation);
    void put(const QByteArray& key, quint64 generation, Answer answer);

private:
    struct Entry {
        QByteArray key;
        quint64 generation = 0;
        Answer answer;
    };
    struct Shard {
        std::mutex mutex;
        std::list<Entry> entries; ///< last used first
        QHash<QByteArray, std::list<Entry>::iterator> index;
    };
    [[nodiscard]] Shard& shardOf(const QByteArray& key);

    std::array<Shard, Shards> m_shards;
};

} // namespace hublet::service
