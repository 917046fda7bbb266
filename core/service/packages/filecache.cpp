// SPDX-License-Identifier: Apache-2.0
#include "core/service/packages/filecache.h"

namespace hublet::service {

namespace {

void appendText(QByteArray& key, const QString& text)
{
    key.append(reinterpret_cast<const char*>(text.constData()), text.size() * qsizetype(sizeof(QChar)));
    key.append('\0');
}

} // namespace

QByteArray FileCache::key(const RepositoryKey& repository, const PackageId& id,
                          const QList<QByteArray>& segments)
{
    constexpr qsizetype UsualLength = 256; // bytes; saves growing in steps
    QByteArray key;
    key.reserve(UsualLength);
    key.append(id.type() == PackageType::Model ? 'm' : 'd');
    appendText(key, repository.text());
    appendText(key, id.nameSpace());
    appendText(key, id.name());
    for (const QByteArray& segment : segments)
        key.append(segment).append('\0');
    return key;
}

FileCache::Shard& FileCache::shardOf(const QByteArray& key)
{
    // The high bits, as the index inside a shard uses the low ones.
    return m_shards[(qHash(key, 0) >> 24) % Shards];
}

FileCache::Answer FileCache::find(const QByteArray& key, quint64 generation)
{
    Shard& shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.index.constFind(key);
    if (found == shard.index.constEnd() || (*found)->generation != generation)
        return nullptr;
    shard.entries.splice(shard.entries.begin(), shard.entries, *found);
    return (*found)->answer;
}

void FileCache::put(const QByteArray& key, quint64 generation, Answer answer)
{
    Shard& shard = shardOf(key);
    const std::lock_guard lock(shard.mutex);
    if (const auto found = shard.index.constFind(key); found != shard.index.constEnd()) {
        (*found)->generation = generation;
        (*found)->answer = std::move(answer);
        shard.entries.splice(shard.entries.begin(), shard.entries, *found);
        return;
    }
    shard.entries.push_front({key, generation, std::move(answer)});
    shard.index.insert(key, shard.entries.begin());
    if (shard.entries.size() > AnswersPerShard) {
        shard.index.remove(shard.entries.back().key);
        shard.entries.pop_back();
    }
}

} // namespace hublet::service
