// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/db/transaction.h"

#include <QString>

#include <functional>
#include <memory>
#include <optional>
#include <type_traits>

namespace hublet::db {

struct DatabaseOptions {
    QString driver = QStringLiteral("QSQLITE");      ///< or QPSQL
    QString file;                                    ///< SQLite: path of the database file
    QString connection;                              ///< PostgreSQL: libpq connection string
    QString migrations = QStringLiteral(":/schema"); ///< folder of numbered .sql files (resources/schema)
};

/// The catalogue's database: SQLite by default, PostgreSQL for those who outgrow one machine. Thread-safe.
///
/// Every thread that reads gets a read-only connection of its own. One writer thread owns all writes and all
/// checkpoints (reliability 1.4: the system SQLite may have the WAL-reset bug, which needs two writing
/// connections). A statement that failed spoils its transaction (query.h). After a failed sync of the
/// database every write is refused with ReadOnly until the program is restarted. Destroy it only when no
/// thread reads or writes any more.
class Database {
public:
    /// Opens, checks (quick_check; integrity_check when `uncleanStop`) and migrates; before a migration of an
    /// existing SQLite file a copy `<file>.before-<version>` is made. Errors: Corrupt, Database, Io,
    /// Unsupported (schema is newer than this program). `warnings` receives sentences for the administrator
    /// (SQLite with a known bug).
    [[nodiscard]] static Result<std::unique_ptr<Database>>
    open(const DatabaseOptions& options, bool uncleanStop, QStringList* warnings = nullptr);
    ~Database();
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    /// Runs `work(Transaction&)`, which returns a Result, on the calling thread in one read-only snapshot. Do
    /// not call from inside read or write.
    template <typename F>
    [[nodiscard]] auto read(F&& work) const -> std::invoke_result_t<F, Transaction&>
    {
        using R = std::invoke_result_t<F, Transaction&>;
        std::optional<R> result;
        auto run = runRead([&](Transaction& transaction) -> bool {
            result.emplace(work(transaction));
            return result->has_value();
        });
        if (!run)
            return forward(run);
        return std::move(*result);
    }

    /// Runs `work(Transaction&)` on the writer thread in one transaction and waits until it is durable. An
    /// error rolls everything back. Blocks: never from the GUI thread, never from an HTTP pool thread.
    template <typename F>
    [[nodiscard]] auto write(F&& work) -> std::invoke_result_t<F, Transaction&>
    {
        using R = std::invoke_result_t<F, Transaction&>;
        std::optional<R> result;
        auto run = runWrite([&](Transaction& transaction) -> bool {
            result.emplace(work(transaction));
            return result->has_value();
        });
        if (!run)
            return forward(run);
        return std::move(*result);
    }

    /// A consistent, synced copy of the whole database while it is in use. `file` must not exist:
    /// AlreadyExists. SQLite only, else Unsupported: pg_dump is the administrator's.
    [[nodiscard]] Result<void> copyTo(const QString& file);
    /// False after a failed sync: what the last write left on disk is only known after a restart.
    [[nodiscard]] bool acceptsWrites() const;
    /// Full integrity check; names the first problems.
    [[nodiscard]] Result<void> checkIntegrity() const;

private:
    Database();
    /// `work` returns false when it has an error of its own to give; an error here wins only over a success
    /// of `work`.
    using Work = std::function<bool(Transaction&)>;
    [[nodiscard]] Result<void> runRead(const Work& work) const;
    [[nodiscard]] Result<void> runWrite(const Work& work);

    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace hublet::db
