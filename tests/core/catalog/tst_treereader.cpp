// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/trees/treedraft.h"
#include "tests/core/catalog/testdatabase.h"

#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

/// What is remembered of stored trees.
class TestTreeReader : public QObject {
    Q_OBJECT
private slots:
    void undoneTreesAreForgotten();

private:
    TestDatabase m_database;
    TreeReader m_reader;
};

/// A tree that was read inside the write that made it, which then failed: its rows are given to the next
/// tree.
void TestTreeReader::undoneTreesAreForgotten()
{
    const auto write = [&](const QByteArray& name, bool fails, qint64* row) {
        return m_database->write([&](db::Transaction& transaction) -> Result<void> {
            TreeDraft draft(transaction, m_reader, 0);
            StoredEntry entry;
            entry.content = Sha256Hasher::hash(name);
            if (const auto put = draft.put(RepoPath::parse(name).value(), entry); !put)
                return put;
            const auto tree = draft.save();
            if (!tree)
                return forward(tree);
            *row = (*tree)->row;
            const auto seen = m_reader.find(transaction, *row, name);
            if (!seen || !*seen)
                return fail(ErrorCode::Internal, QStringLiteral("The write does not see what it made"));
            return fails ? Result<void>(fail(ErrorCode::NoSpace, QStringLiteral("full"))) : Result<void>();
        });
    };
    qint64 undone = 0;
    QCOMPARE(write("undone", true, &undone).error().code(), ErrorCode::NoSpace);
    qint64 kept = 0;
    VERIFY_OK(write("kept", false, &kept));
    if (qEnvironmentVariableIsEmpty("HUBLET_TEST_POSTGRES"))
        QCOMPARE(kept, undone); // else there is nothing to test
    const auto found = m_database->read(
        [&](db::Transaction& transaction) { return m_reader.find(transaction, kept, "kept"); });
    VERIFY_OK(found);
    QVERIFY(found->has_value());
}

QTEST_GUILESS_MAIN(TestTreeReader)
#include "tst_treereader.moc"
