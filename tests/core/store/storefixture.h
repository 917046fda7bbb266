// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/hasher.h"
#include "core/store/contentstore.h"
#include "core/store/files/fileio.h"
#include "tests/support/fakeclock.h"

#include <QDir>
#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>

namespace hublet::test {

/// A store with its database in a temporary folder, and a table of references that stands for the catalog.
class StoreFixture {
public:
    /// `path`: a folder of the caller's, such as that of a process that is killed; empty for one of its own,
    /// which goes with the fixture.
    explicit StoreFixture(const QString& path = QString())
        : folder(path.isEmpty() ? std::make_unique<QTemporaryDir>() : nullptr),
          root(folder ? folder->path() : path)
    {
        options.folder = root + QStringLiteral("/store");
        options.keepFreeBytes = 0;
        options.keepFreeRatio = 0;
        reopen();
    }

    void reopen()
    {
        store.reset();
        database.reset();
        db::DatabaseOptions databaseOptions;
        databaseOptions.file = root + QStringLiteral("/db.sqlite");
        auto openedDatabase = db::Database::open(databaseOptions, false);
        if (!openedDatabase)
            qFatal("%s", qPrintable(openedDatabase.error().describe()));
        database = std::move(*openedDatabase);
        auto created = database->write([](db::Transaction& transaction) {
            return transaction.query(u"CREATE TABLE IF NOT EXISTS used (sha256 BLOB PRIMARY KEY)").run();
        });
        auto openedStore = store::ContentStore::open(options, *database, clock);
        if (!created || !openedStore)
            qFatal("the store does not open");
        store = std::move(*openedStore);
    }

    struct Put {
        store::StorageForm form = store::StorageForm::Whole;
        bool used = true;       ///< something refers to them
        bool announced = false; ///< their sizes are said in advance
    };
    /// Uploads contents and refers to them, in one transaction.
    Result<std::vector<store::StagedContent>> putAll(const std::vector<QByteArray>& contents, const Put& how)
    {
        store::ContentWriter writer = store->writer(how.form);
        std::vector<store::StagedContent> all;
        for (const QByteArray& bytes : contents) {
            const auto staged = stage(writer, bytes, how.announced ? bytes.size() : -1);
            if (!staged)
                return forward(staged);
            all.push_back(*staged);
        }
        if (const auto published = writer.publish(); !published)
            return forward(published);
        const auto recorded = database->write([&](db::Transaction& transaction) -> Result<void> {
            if (const auto done = writer.record(transaction); !done)
                return done;
            for (const store::StagedContent& content : all) {
                if (const auto done = how.used ? use(transaction, content.sha256) : Result<void>(); !done)
                    return done;
            }
            return {};
        });
        return recorded ? Result<std::vector<store::StagedContent>>(std::move(all)) : forward(recorded);
    }
    Result<store::StagedContent> put(const QByteArray& bytes, const Put& how)
    {
        const auto staged = putAll({bytes}, how);
        return staged ? Result<store::StagedContent>(staged->front()) : forward(staged);
    }
    Result<store::StagedContent> put(const QByteArray& bytes, bool used = true)
    {
        return put(bytes, Put{store::StorageForm::Whole, used});
    }

    static Result<store::StagedContent> stage(store::ContentWriter& writer, const QByteArray& bytes,
                                              qint64 announced = -1)
    {
        if (const auto begun = writer.begin(announced); !begun)
            return forward(begun);
        if (const auto appended = writer.append(bytes); !appended)
            return forward(appended);
        return writer.end();
    }

    static Result<void> use(db::Transaction& transaction, const Sha256& sha256)
    {
        return transaction.query(u"INSERT INTO used (sha256) VALUES (?) ON CONFLICT (sha256) DO NOTHING")
            .run(sha256);
    }
    [[nodiscard]] Result<void> use(const Sha256& sha256)
    {
        return database->write([&](db::Transaction& transaction) { return use(transaction, sha256); });
    }
    [[nodiscard]] Result<void> dropUse(const Sha256& sha256)
    {
        return database->write([&](db::Transaction& transaction) {
            return transaction.query(u"DELETE FROM used WHERE sha256 = ?").run(sha256);
        });
    }
    [[nodiscard]] static store::LiveContents live()
    {
        return
            [](db::Transaction& transaction, const std::function<void(const Sha256&)>& live) -> Result<void> {
                db::Query query = transaction.query(u"SELECT sha256 FROM used");
                if (const auto run = query.run(); !run)
                    return run;
                while (query.next())
                    live(query.digest<Sha256>(0));
                return {};
            };
    }
    Result<store::SweepReport> sweep(bool dryRun = false)
    {
        return store->sweep(live(), dryRun, {}, CancelToken());
    }

    [[nodiscard]] Result<QByteArray> get(const Sha256& sha256) const
    {
        const auto content = store->open(sha256);
        if (!content)
            return forward(content);
        QByteArray bytes;
        for (const Extent& extent : content->extents) {
            const auto part = store::readAt(extent.file->get(), extent.offset, extent.length);
            if (!part)
                return forward(part);
            bytes += *part;
        }
        return bytes;
    }

    /// Files below `sub` of the store's folder, paths relative to the store's folder.
    [[nodiscard]] QStringList files(const QString& sub = QString()) const
    {
        QStringList found;
        QDirIterator it(options.folder + u'/' + sub, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext())
            found += QDir(options.folder).relativeFilePath(it.next());
        found.sort();
        return found;
    }
    [[nodiscard]] static QString blobPath(const Sha256& sha256)
    {
        const QString hex = QString::fromLatin1(sha256.toHex());
        return QStringLiteral("blobs/%1/%2/%3").arg(hex.left(2), hex.mid(2, 2), hex);
    }
    /// Overwrites one byte of a stored file, as a bad disk would.
    void flipByte(const QString& relativePath, qint64 offset) const
    {
        const QString path = options.folder + u'/' + relativePath;
        QVERIFY(QFile::setPermissions(path, QFile::ReadOwner | QFile::WriteOwner));
        QFile file(path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(offset);
        char byte = 0;
        QCOMPARE(file.peek(&byte, 1), 1);
        byte = static_cast<char>(byte ^ 1);
        QCOMPARE(file.write(&byte, 1), 1);
    }

    const std::unique_ptr<const QTemporaryDir> folder;
    const QString root;
    FakeClock clock;
    store::StoreOptions options;
    std::unique_ptr<db::Database> database;
    std::unique_ptr<store::ContentStore> store;
};

/// Bytes that differ by `seed` and do not repeat within a block.
inline QByteArray testBytes(qint64 size, quint32 seed)
{
    QByteArray bytes(size, Qt::Uninitialized);
    quint64 state = seed * 0x9e3779b97f4a7c15ULL + 1;
    for (char& c : bytes) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        c = static_cast<char>(state >> 56);
    }
    return bytes;
}

} // namespace hublet::test
