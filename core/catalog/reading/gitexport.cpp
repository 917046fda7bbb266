// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/reading/gitexport.h"

#include "core/catalog/formats/gitcommit.h"
#include "core/catalog/formats/lfspointer.h"
#include "core/catalog/model/refname.h"
#include "core/catalog/reading/catalog.h"
#include "core/catalog/tables/commitqueries.h"
#include "core/catalog/tables/refqueries.h"
#include "core/catalog/trees/treereader.h"
#include "core/db/statements.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QSet>

#include <algorithm>

namespace hublet::catalog {

namespace {

constexpr int FastCompression = 1;
/// qCompress() puts the length in front of the zlib stream.
constexpr int LengthPrefixBytes = 4;

Result<void> writeFile(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush())
        return {};
    return fail(ErrorCode::Io, QStringLiteral("Cannot write the git repository: %1").arg(file.errorString()));
}

/// Writes objects as git keeps them one by one: objects/ab/cdef...
class LooseObjects {
public:
    explicit LooseObjects(const QString& folder) : m_objects(folder + QLatin1String("/objects")) {}

    [[nodiscard]] Result<void> write(const GitOid& oid, const QByteArray& type, const QByteArray& body)
    {
        const QString name = QString::fromLatin1(oid.toHex());
        const QString folder = m_objects + u'/' + name.left(2);
        if (!m_folders.contains(folder) && !QDir().mkpath(folder))
            return fail(ErrorCode::Io, QStringLiteral("Cannot write the git repository"));
        m_folders.insert(folder);
        const QByteArray object = type + ' ' + QByteArray::number(body.size()) + '\0' + body;
        return writeFile(folder + u'/' + name.mid(2),
                         qCompress(object, FastCompression).mid(LengthPrefixBytes));
    }

private:
    QString m_objects;
    QSet<QString> m_folders;
};

/// Collects, inside one read transaction, the trees and commits of a package, and the files to be written
/// afterwards.
class Exporter {
public:
    Exporter(db::Transaction& transaction, const TreeReader& reader, LooseObjects& objects)
        : m_transaction(transaction), m_reader(reader), m_objects(objects)
    {
    }

    [[nodiscard]] Result<void> writeCommit(qint64 row)
    {
        const auto commit = queries::commit(m_transaction, row);
        if (!commit)
            return forward(commit);
        if (const auto written =
                m_objects.write(commit->commit.oid, "commit", GitCommit::encode(commit->commit));
            !written)
            return written;
        return writeTree(commit->tree);
    }

    QHash<GitOid, TreeEntry> files; ///< by blob id

private:
    [[nodiscard]] Result<void> writeTree(qint64 row)
    {
        if (m_written.contains(row))
            return {};
        m_written.insert(row);
        const auto tree = m_reader.tree(m_transaction, row);
        if (!tree)
            return forward(tree);
        QByteArray body;
        for (const PageRef& ref : (*tree)->pages) {
            const auto git = selectOne(
                m_transaction, u"SELECT git FROM tree_page WHERE id = ?",
                [](const db::Query& query) { return query.bytes(0); }, ref.page);
            if (!git)
                return forward(git);
            body += git->value_or(QByteArray());
            const auto page = m_reader.page(m_transaction, ref.page);
            if (!page)
                return forward(page);
            for (const StoredEntry& entry : **page) {
                if (!entry.isDirectory())
                    files.insert(entry.oid, entry.toTreeEntry(RepoPath()));
                else if (const auto below = writeTree(entry.tree); !below)
                    return below;
            }
        }
        return m_objects.write((*tree)->oid, "tree", body);
    }

    db::Transaction& m_transaction;
    const TreeReader& m_reader;
    LooseObjects& m_objects;
    QSet<qint64> m_written;
};

Result<void> writeBlobs(const QHash<GitOid, TreeEntry>& files, const GitExport::BlobSource& blobs,
                        LooseObjects& objects, const CancelToken& cancel)
{
    for (auto file = files.begin(); file != files.end(); ++file) {
        if (cancel.isCancelled())
            return fail(ErrorCode::Cancelled, QStringLiteral("The export was cancelled"));
        QByteArray bytes;
        if (file->lfs) {
            bytes = LfsPointer{file->content, file->size}.text();
        } else if (blobs) {
            auto given = blobs(*file);
            if (!given)
                return forward(given);
            bytes = std::move(*given);
        } else {
            continue;
        }
        if (const auto written = objects.write(file.key(), "blob", bytes); !written)
            return written;
    }
    return {};
}

Result<void> writeFrame(const QString& folder, const std::vector<Ref>& refs)
{
    if (!QDir().mkpath(folder + QLatin1String("/objects")) || !QDir().mkpath(folder + QLatin1String("/refs")))
        return fail(ErrorCode::Io, QStringLiteral("Cannot make the git repository"));
    QByteArray packed;
    std::vector<const Ref*> sorted;
    for (const Ref& ref : refs)
        sorted.push_back(&ref);
    std::sort(sorted.begin(), sorted.end(), [](const Ref* left, const Ref* right) {
        return left->fullName.toUtf8() < right->fullName.toUtf8();
    });
    for (const Ref* ref : sorted)
        packed += ref->commit.toHex() + ' ' + ref->fullName.toUtf8() + '\n';
    const std::pair<const char*, QByteArray> files[] = {
        {"HEAD", "ref: " + RefName::main().toUtf8() + '\n'},
        {"config", "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n"},
        {"packed-refs", "# pack-refs with: sorted \n" + packed}};
    for (const auto& [name, bytes] : files) {
        if (const auto written = writeFile(folder + u'/' + QLatin1String(name), bytes); !written)
            return written;
    }
    return {};
}

} // namespace

Result<void> GitExport::write(qint64 package, const QString& folder, const BlobSource& blobs,
                              const ProgressFunction& progress, const CancelToken& cancel) const
{
    if (QDir(folder).exists() &&
        !QDir(folder).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden))
        return fail(ErrorCode::Conflict, QStringLiteral("The folder for the git repository is not empty"));
    const auto refs = m_catalog.refs(package, true);
    if (!refs)
        return forward(refs);
    if (const auto framed = writeFrame(folder, *refs); !framed)
        return framed;
    LooseObjects objects(folder);
    QHash<GitOid, TreeEntry> files;
    const auto written = m_catalog.read([&](db::Transaction& transaction) -> Result<void> {
        const auto commits = queries::commitRows(transaction, package);
        if (!commits)
            return forward(commits);
        Exporter exporter(transaction, m_catalog.treeReader(), objects);
        for (std::size_t i = 0; i < commits->size(); ++i) {
            if (cancel.isCancelled())
                return fail(ErrorCode::Cancelled, QStringLiteral("The export was cancelled"));
            if (const auto done = exporter.writeCommit((*commits)[i]); !done)
                return done;
            if (progress)
                progress(qint64(i) + 1, qint64(commits->size()));
        }
        files = std::move(exporter.files);
        return {};
    });
    if (!written)
        return written;
    // Outside the transaction: the source reads the content store, which has transactions of its own.
    return writeBlobs(files, blobs, objects, cancel);
}

} // namespace hublet::catalog
