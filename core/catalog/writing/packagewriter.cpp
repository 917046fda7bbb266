// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/packagewriter.h"

#include "core/catalog/model/refname.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/tables/contentusequeries.h"
#include "core/catalog/tables/packagequeries.h"
#include "core/catalog/tables/packagerow.h"
#include "core/catalog/tables/repositoryqueries.h"
#include "core/catalog/writing/commitplan.h"
#include "core/catalog/writing/commitwriter.h"
#include "core/db/statements.h"

#include <algorithm>

namespace hublet::catalog {

namespace {

/// The patterns of the Hub (hub-api 7.4).
constexpr const char* CommonPatterns[] = {
    "*.7z",    "*.arrow",   "*.bin",    "*.bz2",         "*.ckpt",
    "*.ftz",   "*.gz",      "*.h5",     "*.joblib",      "*.mlmodel",
    "*.model", "*.msgpack", "*.npy",    "*.npz",         "*.onnx",
    "*.ot",    "*.parquet", "*.pb",     "*.pickle",      "*.pkl",
    "*.pt",    "*.pth",     "*.rar",    "*.safetensors", "saved_model/**/*",
    "*.tar.*", "*.tar",     "*.tflite", "*.tgz",         "*.wasm",
    "*.xz",    "*.zip",     "*.zst",    "*tfevents*"};
constexpr const char* DatasetPatterns[] = {"*.avro", "*.lz4", "*.mds",  "*.pcm",  "*.sam", "*.raw", "*.aac",
                                           "*.flac", "*.mp3", "*.ogg",  "*.wav",  "*.bmp", "*.gif", "*.png",
                                           "*.tiff", "*.jpg", "*.jpeg", "*.webp", "*.mp4", "*.webm"};

Result<AddFile> stageAttributes(PackageType type, store::ContentWriter& writer)
{
    AddFile file;
    file.path = CommitPlan::attributesPath();
    file.text = defaultGitAttributes(type);
    if (const auto begun = writer.begin(file.text->size()); !begun)
        return forward(begun);
    if (const auto appended = writer.append(*file.text); !appended)
        return forward(appended);
    const auto content = writer.end();
    if (!content)
        return forward(content);
    file.content = *content;
    return file;
}

/// The package has moved. Error: QuotaExceeded.
Result<void> recount(db::Transaction& transaction, HeldTotals& totals, const Package& before,
                     const Repository& target)
{
    if (before.repositoryId == target.id)
        return {};
    totals.forget(before.repositoryId);
    totals.forget(target.id);
    if (target.settings.quotaBytes <= 0)
        return {};
    const auto held = queries::heldBytes(transaction, target.id);
    if (!held)
        return forward(held);
    return *held > target.settings.quotaBytes ? quotaExceeded() : Result<void>();
}

} // namespace

QByteArray defaultGitAttributes(PackageType type)
{
    QByteArray text;
    const auto add = [&](const char* pattern) {
        text += pattern + QByteArray(" filter=lfs diff=lfs merge=lfs -text\n");
    };
    std::for_each(std::begin(CommonPatterns), std::end(CommonPatterns), add);
    if (type == PackageType::Dataset)
        std::for_each(std::begin(DatasetPatterns), std::end(DatasetPatterns), add);
    return text;
}

PackageWriter::PackageWriter(Catalog& catalog, store::ContentStore& store, const Clock& clock)
    : m_catalog(catalog), m_store(store), m_clock(clock)
{
}

Result<Package> PackageWriter::create(const NewPackage& package, const std::vector<AddFile>& files,
                                      store::ContentWriter* staged)
{
    std::optional<store::ContentWriter> own;
    if (!staged)
        staged = &own.emplace(m_store.writer());
    CommitRequest request;
    request.newPackage = package;
    request.packageMustBeNew = true;
    request.ref = RefName::main();
    request.createRef = true;
    request.author = package.creator;
    request.title = QStringLiteral("initial commit");
    const bool withAttributes = std::any_of(files.begin(), files.end(), [](const AddFile& file) {
        return file.path == CommitPlan::attributesPath();
    });
    if (!withAttributes) {
        auto attributes = stageAttributes(package.id.type(), *staged);
        if (!attributes)
            return forward(attributes);
        request.operations.push_back(std::move(*attributes));
    }
    request.operations.insert(request.operations.end(), files.begin(), files.end());
    auto made = CommitWriter(m_catalog, m_store, m_clock).commit(request, staged);
    if (!made)
        return forward(made);
    return std::move(made->package);
}

Result<void> PackageWriter::remove(qint64 package)
{
    return m_catalog.write([&](db::Transaction& transaction) -> Result<void> {
        const auto found = queries::package(transaction, package);
        if (!found)
            return forward(found);
        m_catalog.heldTotals().forget(found->repositoryId);
        if (const auto done = execute(transaction, u"DELETE FROM package_content WHERE package = ?", package);
            !done)
            return forward(done);
        const auto done = execute(transaction, u"DELETE FROM package WHERE id = ?", package);
        return done ? Result<void>() : forward(done);
    });
}

Result<Package> PackageWriter::move(qint64 row, qint64 toRepository, const PackageId& newId)
{
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Package> {
        const auto package = queries::package(transaction, row);
        if (!package)
            return package;
        const auto target = queries::repository(transaction, toRepository);
        if (!target)
            return forward(target);
        const auto taken = queries::findPackage(transaction, toRepository, newId);
        if (!taken)
            return forward(taken);
        if (*taken && (*taken)->rowId != row) {
            return fail(ErrorCode::AlreadyExists, QStringLiteral("A %1 repository called %2 already exists")
                                                      .arg(packageTypeName(newId.type()), newId.id()));
        }
        const QString newType = packageTypeName(newId.type());
        const auto freed = execute(
            transaction, u"DELETE FROM package_redirect WHERE repository = ? AND type = ? AND folded = ?",
            toRepository, newType, newId.folded());
        if (!freed)
            return forward(freed);
        const auto moved =
            execute(transaction,
                    u"UPDATE package SET repository = ?, type = ?, name = ?, folded = ?, "
                    "namespace_folded = ? WHERE id = ?",
                    toRepository, newType, newId.id(), newId.folded(), newId.nameSpace().toLower(), row);
        if (!moved)
            return forward(moved);
        if (const auto fits = recount(transaction, m_catalog.heldTotals(), *package, *target); !fits)
            return forward(fits);
        // Only another spelling: there is no old name left to forward from.
        if (*taken)
            return queries::package(transaction, row);
        const auto linked =
            execute(transaction,
                    u"INSERT INTO package_redirect (repository, type, folded, package) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (repository, type, folded) DO UPDATE SET package = excluded.package",
                    package->repositoryId, packageTypeName(package->id.type()), package->id.folded(), row);
        if (!linked)
            return forward(linked);
        return queries::package(transaction, row);
    });
}

Result<Package> PackageWriter::change(qint64 row, const PackageChange& change)
{
    return m_catalog.write([&](db::Transaction& transaction) -> Result<Package> {
        const auto package = queries::package(transaction, row);
        if (!package)
            return package;
        const auto changed =
            execute(transaction, u"UPDATE package SET is_private = ?, gating = ?, disabled = ? WHERE id = ?",
                    change.isPrivate.value_or(package->isPrivate),
                    queries::gatingName(change.gating.value_or(package->gating)),
                    change.disabled.value_or(package->disabled), row);
        if (!changed)
            return forward(changed);
        return queries::package(transaction, row);
    });
}

Result<void> PackageWriter::addDownloads(const QHash<qint64, qint64>& downloads)
{
    return m_catalog.write([&](db::Transaction& transaction) -> Result<void> {
        for (auto package = downloads.begin(); package != downloads.end(); ++package) {
            const auto done =
                execute(transaction, u"UPDATE package SET downloads = downloads + ? WHERE id = ?",
                        package.value(), package.key());
            if (!done)
                return forward(done);
        }
        return {};
    });
}

} // namespace hublet::catalog
