// SPDX-License-Identifier: Apache-2.0
#include "core/base/hasher.h"
#include "core/catalog/trees/treediff.h"
#include "core/catalog/trees/treedraft.h"
#include "tests/core/catalog/gittool.h"
#include "tests/core/catalog/testdatabase.h"

#include <QRandomGenerator>
#include <QTest>

using namespace hublet;
using namespace hublet::catalog;
using namespace hublet::test;

namespace {

using Files = QMap<QByteArray, GitOid>; ///< path -> blob id

RepoPath path(const QByteArray& text)
{
    return RepoPath::parse(text).value();
}

StoredEntry fileOf(const QByteArray& bytes)
{
    StoredEntry entry;
    entry.oid = gitObjectOid("blob", bytes);
    entry.size = bytes.size();
    entry.content = Sha256Hasher::hash(bytes);
    return entry;
}

} // namespace

/// Stored trees against git and against trees built from scratch.
class TestTreeDraft : public QObject {
    Q_OBJECT
private slots:
    void idsAreGits_data();
    void idsAreGits();
    void editsEqualRebuilding_data();
    void editsEqualRebuilding();
    void pagesAreBounded();
    void oneChangeWritesFewPages();
    void laterOperationWins_data();
    void laterOperationWins();
    void walkFromEveryPosition_data();
    void walkFromEveryPosition();
    void diffFindsWhatChanged();
    void sameGitIdDifferentMeaning();
    void copiesAreBounded();

private:
    template <typename F>
    auto inWrite(F work)
    {
        return m_database->write(work);
    }
    [[nodiscard]] Result<std::shared_ptr<const Tree>> build(const Files& files);
    [[nodiscard]] Result<Files> filesOf(qint64 tree);

    TestDatabase m_database;
    TreeReader m_reader;
};

Result<std::shared_ptr<const Tree>> TestTreeDraft::build(const Files& files)
{
    return m_database->write([&](db::Transaction& transaction) -> Result<std::shared_ptr<const Tree>> {
        TreeDraft draft(transaction, m_reader, 0);
        for (auto file = files.begin(); file != files.end(); ++file) {
            StoredEntry entry;
            entry.oid = file.value();
            if (const auto put = draft.put(path(file.key()), entry); !put)
                return forward(put);
        }
        return draft.save();
    });
}

Result<Files> TestTreeDraft::filesOf(qint64 tree)
{
    return m_database->read([&](db::Transaction& transaction) -> Result<Files> {
        Files files;
        const auto walked =
            m_reader.walk(transaction, tree, true, {}, [&](const QByteArray& name, const StoredEntry& entry) {
                if (!entry.isDirectory())
                    files.insert(name, entry.oid);
                return true;
            });
        if (!walked)
            return forward(walked);
        return files;
    });
}

void TestTreeDraft::idsAreGits_data()
{
    QTest::addColumn<QByteArrayList>("paths");
    QTest::newRow("nothing") << QByteArrayList();
    QTest::newRow("one") << QByteArrayList{"config.json"};
    QTest::newRow("git's order") << QByteArrayList{"a/b", "a.b", "a-b", "a0", "aa", "A/b", "a.b.c/d", "a-/x"};
    QTest::newRow("deep") << QByteArrayList{"a/b/c/d/e/f/g/h", "a/b/c/d/e/f/i", "a/b/j", "k"};
    QTest::newRow("awkward") << QByteArrayList{" ",
                                               "a b",
                                               "\xc3\xa4\xc3\xb6",
                                               "to?.txt",
                                               "#",
                                               "%41",
                                               "'\"",
                                               "-x",
                                               "...",
                                               "a\xff"
                                               "x"}
                                    .mid(0, 9);
    QByteArrayList many;
    for (int i = 0; i < 5000; ++i)
        many += "data/part-" + QByteArray::number(i) + ".bin";
    QTest::newRow("many pages") << many;
}

void TestTreeDraft::idsAreGits()
{
    if (!GitTool::isInstalled())
        QSKIP("git is not installed");
    QFETCH(const QByteArrayList, paths);
    Files files;
    for (const QByteArray& name : paths)
        files.insert(name, gitObjectOid("blob", name));
    const auto tree = build(files);
    VERIFY_OK(tree);
    const GitTool git;
    QCOMPARE((*tree)->oid.toHex(), git.treeOf(files).toHex());
    QCOMPARE((*tree)->fileCount, qint64(files.size()));
    const auto stored = filesOf((*tree)->row);
    VERIFY_OK(stored);
    QCOMPARE(*stored, files);
}

void TestTreeDraft::editsEqualRebuilding_data()
{
    QTest::addColumn<quint32>("seed");
    QTest::addColumn<int>("names");
    QTest::addColumn<int>("folders");
    for (quint32 seed = 1; seed <= 6; ++seed) {
        QTest::addRow("nested %u", seed) << seed << 40 << 12;
        QTest::addRow("flat %u", seed) << seed << 4000 << 1;
    }
}

void TestTreeDraft::editsEqualRebuilding()
{
    QFETCH(const quint32, seed);
    QFETCH(const int, names);
    QFETCH(const int, folders);
    QRandomGenerator random(seed);
    const auto randomPath = [&] {
        QByteArray name = "f" + QByteArray::number(random.bounded(names));
        for (int folder = random.bounded(folders); folder > 0; folder /= 3)
            name = "d" + QByteArray::number(folder % 3) + '/' + name;
        return name;
    };
    Files model;
    std::shared_ptr<const Tree> tree;
    for (int round = 0; round < 12; ++round) {
        const int edits = round == 0 ? names : random.bounded(1, 60);
        const auto edited = inWrite([&](db::Transaction& transaction) -> Result<std::shared_ptr<const Tree>> {
            TreeDraft draft(transaction, m_reader, tree ? tree->row : 0);
            for (int i = 0; i < edits; ++i) {
                const QByteArray name = randomPath();
                Result<void> done;
                if (random.bounded(3) == 0 && model.contains(name)) {
                    done = draft.remove(path(name));
                    model.remove(name);
                } else {
                    const GitOid oid = gitObjectOid("blob", QByteArray::number(random.generate()));
                    StoredEntry entry;
                    entry.oid = oid;
                    done = draft.put(path(name), entry);
                    model.insert(name, oid);
                }
                if (!done)
                    return forward(done);
            }
            return draft.save();
        });
        VERIFY_OK(edited);
        tree = *edited;
        const auto fresh = build(model);
        VERIFY_OK(fresh);
        QCOMPARE(tree->row, (*fresh)->row);
    }
    if (GitTool::isInstalled())
        QCOMPARE(tree->oid.toHex(), GitTool().treeOf(model).toHex());
}

void TestTreeDraft::pagesAreBounded()
{
    Files files;
    for (int i = 0; i < 20'000; ++i)
        files.insert("f" + QByteArray::number(i), gitObjectOid("blob", "same"));
    const auto tree = build(files);
    VERIFY_OK(tree);
    const auto& pages = (*tree)->pages;
    for (std::size_t i = 0; i < pages.size(); ++i) {
        QVERIFY(pages[i].entries <= PageCut::MaxEntries);
        QVERIFY(pages[i].entries >= PageCut::MinEntries || i + 1 == pages.size());
    }
    QVERIFY(pages.size() > 20'000 / PageCut::MaxEntries);
    QVERIFY(pages.size() < 20'000 / PageCut::MinEntries);
}

void TestTreeDraft::oneChangeWritesFewPages()
{
    Files files;
    for (int i = 0; i < 20'000; ++i)
        files.insert("f" + QByteArray::number(i), gitObjectOid("blob", "same"));
    const auto tree = build(files);
    VERIFY_OK(tree);
    const auto countPages = [&] {
        return m_database
            ->read([](db::Transaction& transaction) -> Result<qint64> {
                db::Query query = transaction.query(u"SELECT count(*) FROM tree_page");
                if (const auto run = query.run(); !run)
                    return forward(run);
                if (!query.next())
                    return -1;
                return query.integer(0);
            })
            .value_or(-1);
    };
    const qint64 before = countPages();
    const auto edited = inWrite([&](db::Transaction& transaction) -> Result<std::shared_ptr<const Tree>> {
        TreeDraft draft(transaction, m_reader, (*tree)->row);
        if (const auto put = draft.put(path("f777"), fileOf("new")); !put)
            return forward(put);
        if (const auto put = draft.put(path("f777x"), fileOf("new")); !put)
            return forward(put);
        return draft.save();
    });
    VERIFY_OK(edited);
    QVERIFY((*edited)->oid != (*tree)->oid);
    QVERIFY2(countPages() - before <= 3, qPrintable(QString::number(countPages() - before)));
}

void TestTreeDraft::laterOperationWins_data()
{
    QTest::addColumn<QByteArrayList>("steps");
    QTest::addColumn<QByteArrayList>("result"); // paths, or one item with the name of an error
    const auto row = [](const char* name, QByteArrayList steps, QByteArrayList result) {
        QTest::newRow(name) << steps << result;
    };
    row("folder replaces file", {"+a", "+a/b"}, {"a/b"});
    row("folder replaces stored file", {"+a", "save", "+a/b"}, {"a/b"});
    row("deep folder replaces file", {"+a", "save", "+a/b/c"}, {"a/b/c"});
    row("file does not replace folder", {"+a/b", "+a"}, {"Conflict"});
    row("file does not replace stored folder", {"+a/b", "save", "+a"}, {"Conflict"});
    row("file after folder was deleted", {"+a/b", "+a/c", "save", "-a", "+a"}, {"a"});
    row("file after all files were deleted", {"+a/b", "+a/c", "save", "-a/b", "-a/c", "+a"}, {"a"});
    row("delete and add", {"+a", "save", "-a", "+a"}, {"a"});
    row("add and delete", {"+b", "+a", "-a"}, {"b"});
    row("delete twice", {"+a", "save", "-a", "-a"}, {"EntryNotFound"});
    row("delete inside a file", {"+a", "save", "-a/b"}, {"EntryNotFound"});
    row("delete an emptied folder", {"+a/b", "+c", "save", "-a/b", "-a"}, {"EntryNotFound"});
    row("nothing is left of an emptied folder", {"+a/b/c", "+d", "save", "-a/b/c"}, {"d"});
    row("delete everything", {"+a/b", "save", "-a"}, {});
    row("copy file", {"+a", "save", "=a b/c"}, {"a", "b/c"});
    row("copy folder", {"+a/b", "+a/c/d", "save", "=a x"}, {"a/b", "a/c/d", "x/b", "x/c/d"});
    row("copy is a snapshot", {"+a/b", "save", "=a x", "-a/b", "+x/y"}, {"x/b", "x/y"});
    row("copy into itself", {"+a/b", "save", "=a a/x"}, {"InvalidPath"});
    row("copy over a folder", {"+a", "+b/c", "save", "=a b"}, {"Conflict"});
    row("copy nothing", {"+a", "save", "=b c"}, {"EntryNotFound"});
    row("rename file", {"+a", "save", ">a b"}, {"b"});
    row("rename folder", {"+a/b", "+a/c/d", "+e", "save", ">a x/y"}, {"e", "x/y/b", "x/y/c/d"});
    row("rename file into folder of its name", {"+a", "save", ">a a/b"}, {"a/b"});
    row("rename to itself", {"+a", "save", ">a a"}, {"a"});
    row("neighbours in git's order", {"+a.b", "+a/x", "+a0", "save", "-a/x", "+a"}, {"a", "a.b", "a0"});
}

void TestTreeDraft::laterOperationWins()
{
    QFETCH(const QByteArrayList, steps);
    QFETCH(const QByteArrayList, result);
    const auto done = inWrite([&](db::Transaction& transaction) -> Result<std::shared_ptr<const Tree>> {
        auto draft = std::make_unique<TreeDraft>(transaction, m_reader, 0);
        for (const QByteArray& step : steps) {
            const QByteArrayList names = step.mid(1).split(' ');
            Result<void> applied;
            if (step == "save") {
                const auto saved = draft->save();
                if (!saved)
                    return saved;
                draft = std::make_unique<TreeDraft>(transaction, m_reader, (*saved)->row);
            } else if (step.startsWith('+')) {
                applied = draft->put(path(names[0]), fileOf("x"));
            } else if (step.startsWith('-')) {
                applied = draft->remove(path(names[0]));
            } else if (step.startsWith('=')) {
                applied = draft->copy(path(names[0]), path(names[1]));
            } else if (step.startsWith('>')) {
                applied = draft->rename(path(names[0]), path(names[1]));
            }
            if (!applied)
                return forward(applied);
        }
        return draft->save();
    });
    if (!done) {
        QCOMPARE(QByteArrayList{errorCodeName(done.error().code())}, result);
        return;
    }
    Files expected;
    for (const QByteArray& name : result)
        expected.insert(name, fileOf("x").oid);
    const auto stored = filesOf((*done)->row);
    VERIFY_OK(stored);
    QCOMPARE(stored->keys(), expected.keys());
    const auto fresh = inWrite([&](db::Transaction& transaction) -> Result<std::shared_ptr<const Tree>> {
        TreeDraft draft(transaction, m_reader, 0);
        for (const QByteArray& name : result) {
            if (const auto put = draft.put(path(name), fileOf("x")); !put)
                return forward(put);
        }
        return draft.save();
    });
    VERIFY_OK(fresh);
    QCOMPARE((*done)->row, (*fresh)->row);
}

void TestTreeDraft::walkFromEveryPosition_data()
{
    QTest::addColumn<bool>("recursive");
    QTest::newRow("recursive") << true;
    QTest::newRow("one level") << false;
}

void TestTreeDraft::walkFromEveryPosition()
{
    QFETCH(const bool, recursive);
    Files files;
    for (const char* name : {"a", "a.b", "b/a", "b/b/c", "b/b.c", "b.", "b0", "c/d/e/f", "zz"})
        files.insert(name, gitObjectOid("blob", name));
    for (int i = 0; i < 700; ++i)
        files.insert("many/x" + QByteArray::number(i), gitObjectOid("blob", "x"));
    const auto tree = build(files);
    VERIFY_OK(tree);
    const auto positionsAfter = [&](const QByteArray& after) {
        QByteArrayList positions;
        const auto walked = m_database->read([&](db::Transaction& transaction) {
            return m_reader.walk(transaction, (*tree)->row, recursive, after,
                                 [&](const QByteArray& name, const StoredEntry& entry) {
                                     positions += TreeReader::positionOf(name, entry);
                                     return true;
                                 });
        });
        return walked ? positions : QByteArrayList{"failed"};
    };
    const QByteArrayList all = positionsAfter({});
    QCOMPARE(all.size(), recursive ? files.size() + 6 : 8);
    QVERIFY(std::is_sorted(all.begin(), all.end()));
    for (int i = 0; i < all.size(); ++i)
        QCOMPARE(positionsAfter(all[i]), all.mid(i + 1));
}

void TestTreeDraft::diffFindsWhatChanged()
{
    QRandomGenerator random(7);
    Files before;
    for (int i = 0; i < 3000; ++i)
        before.insert((i % 3 ? "d/f" : "f") + QByteArray::number(i), gitObjectOid("blob", "old"));
    Files after = before;
    for (int i = 0; i < 40; ++i) {
        after.remove(before.keys().at(random.bounded(int(before.size()))));
        after.insert("d/n" + QByteArray::number(i), gitObjectOid("blob", "new"));
        after.insert(before.keys().at(random.bounded(int(before.size()))), gitObjectOid("blob", "changed"));
    }
    Files expected; // path -> new id, null when removed
    for (auto file = before.begin(); file != before.end(); ++file) {
        if (after.value(file.key()) != file.value())
            expected.insert(file.key(), after.value(file.key()));
    }
    for (auto file = after.begin(); file != after.end(); ++file) {
        if (!before.contains(file.key()))
            expected.insert(file.key(), file.value());
    }
    const auto left = build(before);
    const auto right = build(after);
    VERIFY_OK(left);
    VERIFY_OK(right);
    Files found;
    QByteArrayList order;
    const auto compared = m_database->read([&](db::Transaction& transaction) {
        return TreeDiff(transaction, m_reader)
            .run((*left)->row, (*right)->row,
                 [&](const QByteArray& name, const StoredEntry* old, const StoredEntry* fresh) {
                     if (old && old->oid != before.value(name))
                         return false;
                     found.insert(name, fresh ? fresh->oid : GitOid());
                     order += name;
                     return true;
                 });
    });
    VERIFY_OK(compared);
    QCOMPARE(found, expected);
    QVERIFY(std::is_sorted(order.begin(), order.end()));
}

/// The text of a pointer as a regular file has the git id of the LFS file. Whoever commits that text must not
/// get at the content it names.
void TestTreeDraft::sameGitIdDifferentMeaning()
{
    StoredEntry regular = fileOf("text of a pointer");
    StoredEntry lfs = regular;
    lfs.lfs = true;
    lfs.content = Sha256Hasher::hash("secret");
    lfs.size = 6;
    std::vector<std::shared_ptr<const Tree>> trees;
    for (const StoredEntry& entry : {lfs, regular}) {
        const auto tree = inWrite([&](db::Transaction& transaction) -> Result<std::shared_ptr<const Tree>> {
            TreeDraft draft(transaction, m_reader, 0);
            if (const auto put = draft.put(path("folder/model.bin"), entry); !put)
                return forward(put);
            return draft.save();
        });
        VERIFY_OK(tree);
        trees.push_back(*tree);
    }
    QCOMPARE(trees[0]->oid, trees[1]->oid);
    QVERIFY(trees[0]->row != trees[1]->row);
    const auto found = m_database->read([&](db::Transaction& transaction) {
        return m_reader.findPath(transaction, trees[1]->row, path("folder/model.bin"));
    });
    VERIFY_OK(found);
    QVERIFY(found->has_value() && !(*found)->lfs);
}

/// Copies of copies double what a commit holds with every operation.
void TestTreeDraft::copiesAreBounded()
{
    const auto copy = [](TreeDraft& draft, const QByteArray& from, const QByteArray& to) {
        const auto done = draft.copy(path(from), path(to));
        return done ? ErrorCode::Internal : done.error().code();
    };
    VERIFY_OK(inWrite([&](db::Transaction& transaction) -> Result<void> {
        TreeDraft draft(transaction, m_reader, 0);
        if (const auto put = draft.put(path("a/file"), fileOf("bytes")); !put)
            return put;
        if (copy(draft, "a", "a/b/c") != ErrorCode::InvalidPath ||
            copy(draft, "a", "ab") != ErrorCode::Internal ||
            copy(draft, "a/file", "a/file/x") != ErrorCode::Internal)
            return fail(ErrorCode::Internal, QStringLiteral("Copied into itself"));
        QByteArray last = "ab";
        for (int i = 0; i < 40; ++i) {
            const QByteArray next = "f" + QByteArray::number(i);
            const ErrorCode codes[] = {copy(draft, last, next + "/1"), copy(draft, last, next + "/2")};
            if (codes[0] == ErrorCode::TooLarge || codes[1] == ErrorCode::TooLarge)
                return {};
            last = next;
        }
        return fail(ErrorCode::Internal, QStringLiteral("Nothing stops it"));
    }));

    // The same commit by commit: nothing is copied in memory, but the sums grow.
    qint64 tree = build({{"a", fileOf("bytes").oid}}).value()->row;
    for (int i = 0; i < 70; ++i) {
        const auto doubled = inWrite([&](db::Transaction& transaction) -> Result<qint64> {
            const auto before = m_reader.tree(transaction, tree);
            if (!before)
                return forward(before);
            StoredEntry folder;
            folder.mode = StoredEntry::DirectoryMode;
            folder.tree = tree;
            TreeDraft draft(transaction, m_reader, 0);
            for (const char* name : {"1", "2"}) {
                if (const auto put = draft.putStored(path(name), folder); !put)
                    return forward(put);
            }
            const auto saved = draft.save();
            return saved ? Result<qint64>((*saved)->row) : forward(saved);
        });
        if (!doubled) {
            QCOMPARE(doubled.error().code(), ErrorCode::TooLarge);
            return;
        }
        tree = *doubled;
    }
    QFAIL("Nothing stops it");
}

QTEST_GUILESS_MAIN(TestTreeDraft)
#include "tst_treedraft.moc"
