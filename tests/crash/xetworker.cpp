// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/xetworker.h"

#include "core/store/xetstore.h"
#include "tests/crash/staging.h"
#include "tests/crash/xetupload.h"

#include <QFileInfo>

namespace hublet::crash {

namespace {

/// " <name of its file>@<its path>"
QByteArray whereIsXorb(const World& world, const XetHash& hash)
{
    const auto xorb = world.store->xet().xorb(hash);
    if (!xorb)
        return ' ' + store::fileNameOf(hash).toHex() + "@unknown";
    const store::StoredFile& file = (*xorb)->file;
    const QFileInfo info(world.folder + QStringLiteral("/store/") + QString::fromLatin1(file.path()));
    return ' ' + file.name.toHex() + '@' + QFile::encodeName(info.canonicalFilePath());
}

} // namespace

Result<QByteArray> XetWorker::xorbs(int cycle)
{
    const XetUpload upload(m_seed, cycle);
    QByteArray answer = "ack xorbs " + QByteArray::number(cycle);
    for (const test::ClientXorb* const xorb : {&upload.xorb, &upload.unused}) {
        if (const auto posted = post(*m_world.store, *xorb); !posted)
            return forward(posted);
        answer += whereIsXorb(m_world, xorb->hash());
    }
    return answer;
}

Result<QByteArray> XetWorker::shard(int cycle)
{
    const XetUpload upload(m_seed, cycle);
    if (const auto registered = registerFiles(m_world, upload, m_user); !registered)
        return forward(registered);
    return "ack shard " + QByteArray::number(cycle) + whereIs(m_world, upload.kept.sha256()) + ' ' +
           upload.kept.hash.toText();
}

Result<QByteArray> XetWorker::segments(int cycle)
{
    store::ContentWriter writer = m_world.store->writer(store::StorageForm::Segments);
    std::vector<Sha256> contents;
    const QByteArray before = segmentedBytes(m_seed, cycle - 1);
    const auto isThere = m_world.store->size(Sha256Hasher::hash(before));
    if (!isThere)
        return forward(isThere);
    for (const QByteArray& bytes :
         *isThere ? QList{before, segmentedBytes(m_seed, cycle)} : QList{segmentedBytes(m_seed, cycle)}) {
        const auto staged = stage(writer, bytes);
        if (!staged)
            return forward(staged);
        contents.push_back(staged->sha256);
    }
    if (const auto published = writer.publish(); !published)
        return forward(published);
    const auto claimed =
        catalog::ClaimWriter(m_world.catalog, m_world.clock).claim({m_user}, contents.back(), writer);
    if (!claimed)
        return forward(claimed);
    QByteArray answer = "ack segments " + QByteArray::number(cycle);
    for (const Sha256& content : contents)
        answer += whereIs(m_world, content);
    return answer;
}

Result<QByteArray> XetWorker::whole(int cycle)
{
    return convert("whole", cycle, {Sha256Hasher::hash(segmentedBytes(m_seed, cycle))},
                   store::StorageForm::Whole);
}

Result<QByteArray> XetWorker::segmented(int cycle)
{
    std::vector<Sha256> contents{Sha256Hasher::hash(segmentedBytes(m_seed, cycle))};
    for (int part = 0; part < SmallFilesPerCommit; ++part)
        contents.push_back(Sha256Hasher::hash(bytesOf(m_seed, cycle, part)));
    return convert("segmented", cycle, contents, store::StorageForm::Segments);
}

Result<QByteArray> XetWorker::convert(const char* step, int cycle, const std::vector<Sha256>& contents,
                                      store::StorageForm form)
{
    const auto converted = m_world.store->convert(contents, form, {}, CancelToken());
    if (!converted)
        return forward(converted);
    if (converted->contents == 0)
        return fail(ErrorCode::NotFound, QStringLiteral("There is nothing to convert"));
    QByteArray answer = "ack " + QByteArray(step) + ' ' + QByteArray::number(cycle);
    for (const Sha256& content : contents) {
        const auto isThere = m_world.store->size(content);
        if (isThere && *isThere) // what an earlier step could not store is not promised
            answer += whereIs(m_world, content);
    }
    return answer;
}

} // namespace hublet::crash
