// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/worker.h"

#include "core/base/hasher.h"
#include "tests/crash/staging.h"
#include "tests/crash/xetworker.h"

#include <unistd.h>

namespace hublet::crash {

namespace {

constexpr qint64 UserId = 1;
/// A package is removed in every third cycle, a folder dropped and a pack converted in every second.
constexpr int RemoveEvery = 3;
constexpr int DropEvery = 2;
constexpr int ConvertEvery = 2;
/// An error injected into the store's writes may hit the answer as well, once.
constexpr int AnswerAttempts = 2;

void say(const QByteArray& line)
{
    const QByteArray whole = line + '\n';
    for (int attempt = 0; attempt < AnswerAttempts; ++attempt) {
        if (::write(STDOUT_FILENO, whole.constData(), size_t(whole.size())) == whole.size())
            return;
    }
    ::_exit(3); // nobody listens any more
}

} // namespace

int Worker::run()
{
    XetWorker xet(m_world, m_options.seed, UserId);
    const auto own = [this](Result<QByteArray> (Worker::*work)(int)) {
        return [this, work](int cycle) { return (this->*work)(cycle); };
    };
    const auto overXet = [&xet](Result<QByteArray> (XetWorker::*work)(int)) {
        return [&xet, work](int cycle) { return (xet.*work)(cycle); };
    };
    for (int cycle = m_options.firstCycle; cycle < m_options.firstCycle + m_options.cycles; ++cycle) {
        m_world.storeClock.advance(CycleMs);
        say("ack begin " + QByteArray::number(cycle));
        step("upload", cycle, own(m_options.rowFirst ? &Worker::uploadRowFirst : &Worker::upload));
        step("xorbs", cycle, overXet(&XetWorker::xorbs));
        step("shard", cycle, overXet(&XetWorker::shard));
        step("commit", cycle, own(&Worker::commit));
        step("segments", cycle, overXet(&XetWorker::segments));
        step("whole", cycle, overXet(&XetWorker::whole));
        if (cycle % ConvertEvery == 1)
            step("segmented", cycle, overXet(&XetWorker::segmented));
        if (cycle % RemoveEvery == 0)
            step("remove", cycle, own(&Worker::removePackage));
        if (cycle % DropEvery == 1)
            step("drop", cycle - 1, own(&Worker::drop));
        step("sweep", cycle, own(&Worker::sweep));
    }
    return m_errors;
}

void Worker::step(const char* name, int cycle, const std::function<Result<QByteArray>(int)>& work)
{
    const auto answer = work(cycle);
    if (answer) {
        say(*answer);
        return;
    }
    ++m_errors;
    say("error " + QByteArray(name) + ' ' + QByteArray::number(cycle) + ' ' +
        errorCodeName(answer.error().code()));
}

/// As a PUT of an LFS object: stored, and claimed by the user who sent it.
Result<QByteArray> Worker::upload(int cycle)
{
    QByteArray bytes = bytesOf(m_options.seed, cycle, LargePart);
    const Sha256 promised = Sha256Hasher::hash(bytes);
    if (m_options.wrongBytes)
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    store::ContentWriter writer = m_world.store->writer();
    const auto staged = stage(writer, bytes, promised);
    if (!staged)
        return forward(staged);
    if (const auto published = writer.publish(); !published)
        return forward(published);
    const auto claimed =
        catalog::ClaimWriter(m_world.catalog, m_world.clock).claim({UserId}, staged->sha256, writer);
    if (!claimed)
        return forward(claimed);
    return "ack upload " + QByteArray::number(cycle) + whereIs(m_world, staged->sha256);
}

Result<QByteArray> Worker::uploadRowFirst(int cycle)
{
    const QByteArray bytes = bytesOf(m_options.seed, cycle, LargePart);
    const Sha256 sha256 = Sha256Hasher::hash(bytes);
    store::ContentWriter writer = m_world.store->writer();
    if (const auto staged = stage(writer, bytes); !staged)
        return forward(staged);
    const auto recorded = m_world.database->write([&](db::Transaction& transaction) -> Result<void> {
        const auto file = transaction.insert(
            u"INSERT INTO stored_file (kind, name, size, created_ms) VALUES (0, ?, ?, 0) RETURNING id",
            sha256, bytes.size());
        if (!file)
            return forward(file);
        const auto content =
            transaction
                .query(u"INSERT INTO content (sha256, size, file, offset_bytes, created_ms, verified_ms) "
                       u"VALUES (?, ?, ?, 0, 0, 0)")
                .run(sha256, bytes.size(), *file);
        if (!content)
            return content;
        return transaction
            .query(u"INSERT INTO upload_claim (sha256, user_id, repository, expires_ms) VALUES (?, ?, '', ?)")
            .run(sha256, UserId, m_world.clock.nowMs() + catalog::ClaimWriter::LifeMs);
    });
    if (!recorded)
        return forward(recorded);
    say("ack upload " + QByteArray::number(cycle) + ' ' + sha256.toHex() + "@unknown");
    if (const auto published = writer.publish(); !published)
        return forward(published);
    return "published " + QByteArray::number(cycle);
}

/// As a commit request: small files in the body, the large one named by its SHA-256.
Result<QByteArray> Worker::commit(int cycle)
{
    const auto package = m_world.package(QStringLiteral("model"));
    if (!package)
        return forward(package);
    catalog::CommitRequest request;
    request.package = package->rowId;
    request.ref = QStringLiteral("refs/heads/main");
    request.author = {QStringLiteral("crash"), QStringLiteral("crash@localhost")};
    request.title = QStringLiteral("cycle %1").arg(cycle);
    store::ContentWriter writer = m_world.store->writer();
    std::vector<Sha256> contents;
    for (int part = 0; part < SmallFilesPerCommit; ++part) {
        const auto staged = stage(writer, bytesOf(m_options.seed, cycle, part));
        if (!staged)
            return forward(staged);
        contents.push_back(staged->sha256);
        request.operations.push_back(
            catalog::AddFile{smallFile(cycle, part), *staged, catalog::StoreAs::Regular, std::nullopt});
    }
    const QByteArray large = bytesOf(m_options.seed, cycle, LargePart);
    contents.push_back(Sha256Hasher::hash(large));
    request.operations.push_back(catalog::AddFile{
        largeFile(cycle), {contents.back(), GitOid(), large.size()}, catalog::StoreAs::Lfs, std::nullopt});
    const auto made =
        catalog::CommitWriter(m_world.catalog, *m_world.store, m_world.clock).commit(request, &writer);
    if (!made)
        return forward(made);
    QByteArray answer = "ack commit " + QByteArray::number(cycle) + ' ' + made->commit.oid.toHex();
    for (const Sha256& content : contents)
        answer += whereIs(m_world, content);
    return answer;
}

Result<QByteArray> Worker::drop(int cycle)
{
    const auto package = m_world.package(QStringLiteral("model"));
    if (!package)
        return forward(package);
    catalog::CommitRequest request;
    request.package = package->rowId;
    request.ref = QStringLiteral("refs/heads/main");
    request.author = {QStringLiteral("crash"), QStringLiteral("crash@localhost")};
    request.title = QStringLiteral("drop %1").arg(cycle);
    request.operations.push_back(catalog::DeleteFolder{cycleFolder(cycle)});
    const auto made =
        catalog::CommitWriter(m_world.catalog, *m_world.store, m_world.clock).commit(request, nullptr);
    if (!made)
        return forward(made);
    return "ack drop " + QByteArray::number(cycle);
}

/// A package with files that nothing else refers to comes and goes: work for the sweep.
Result<QByteArray> Worker::removePackage(int cycle)
{
    const QString name = QStringLiteral("short-lived-%1").arg(cycle);
    const auto home = m_world.repository();
    if (!home)
        return forward(home);
    catalog::PackageWriter packages(m_world.catalog, *m_world.store, m_world.clock);
    qint64 rowId = 0;
    if (const auto left = m_world.catalog.package(home->id, packageId(name))) {
        rowId = left->rowId; // of a run that was killed before the removal
    } else {
        store::ContentWriter writer = m_world.store->writer();
        std::vector<catalog::AddFile> files;
        for (const int part : {7, 8, LargePart}) {
            const auto staged = stage(writer, bytesOf(m_options.seed + 1, cycle, part));
            if (!staged)
                return forward(staged);
            files.push_back({smallFile(cycle, part), *staged, catalog::StoreAs::Auto, std::nullopt});
        }
        const auto made = packages.create(
            {home->id, packageId(name), false, {QStringLiteral("crash"), QStringLiteral("crash@localhost")}},
            files, &writer);
        if (!made)
            return forward(made);
        rowId = made->rowId;
    }
    if (const auto removed = packages.remove(rowId); !removed)
        return forward(removed);
    return "ack remove " + name.toLatin1();
}

/// Names where the content is now that a Xet client uploaded in the cycle before: its xorb was rewritten.
Result<QByteArray> Worker::sweep(int cycle)
{
    if (const auto swept = m_world.sweepThoroughly(); !swept)
        return forward(swept);
    if (const auto trees = catalog::TreeSweep(m_world.catalog).run({}, CancelToken()); !trees)
        return forward(trees);
    const Sha256 moved = Sha256Hasher::hash(keptBytes(m_options.seed, cycle - 1));
    const auto isThere = m_world.store->size(moved);
    if (!isThere)
        return forward(isThere);
    return "ack sweep " + QByteArray::number(cycle) + (*isThere ? whereIs(m_world, moved) : QByteArray());
}

} // namespace hublet::crash
