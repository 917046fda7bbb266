// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/hubjson.h"
#include "quoted.h"

#include <QTest>

using namespace hublet;
using namespace hublet::api;

namespace {

const QByteArray OidA(40, 'a');
const QByteArray OidB(40, 'b');
constexpr qint64 SomeTimeMs = 1'769'847'300'123; // 2026-01-31T08:15:00.123Z

catalog::Ref ref(catalog::RefKind kind, const char* name, const char* fullName)
{
    catalog::Ref ref;
    ref.kind = kind;
    ref.name = QString::fromLatin1(name);
    ref.fullName = QString::fromLatin1(fullName);
    ref.commit = *GitOid::fromHex(OidA);
    return ref;
}

QByteArray written(const service::Browse::TreeItem& item)
{
    JsonWriter json;
    writeTreeItem(json, item);
    return json.take();
}

} // namespace

class TestHubJson : public QObject {
    Q_OBJECT

private slots:
    void refs()
    {
        using Kind = catalog::RefKind;
        const std::vector<catalog::Ref> refs{
            ref(Kind::Branch, "main", "refs/heads/main"), ref(Kind::Release, "v1.0", "refs/heads/v1.0"),
            ref(Kind::Tag, "t", "refs/tags/t"), ref(Kind::PullRequest, "refs/pr/1", "refs/pr/1")};
        const QByteArray start =
            test::quoted("{'branches':[{'name':'main','ref':'refs/heads/main','targetCommit':'") + OidA +
            test::quoted("'},{'name':'v1.0','ref':'refs/heads/v1.0','targetCommit':'") + OidA +
            test::quoted("'}],'converts':[],'tags':[{'name':'t','ref':'refs/tags/t','targetCommit':'") +
            OidA + test::quoted("'}]");
        QCOMPARE(encodeRefs(refs, false), start + "}");
        QCOMPARE(encodeRefs(refs, true),
                 start +
                     test::quoted(",'pullRequests':[{'name':'refs/pr/1','ref':'refs/pr/1','targetCommit':'") +
                     OidA + test::quoted("'}]}"));
        QCOMPARE(encodeRefs({}, false), test::quoted("{'branches':[],'converts':[],'tags':[]}"));
    }

    void commit()
    {
        catalog::Commit commit;
        commit.oid = *GitOid::fromHex(OidA);
        commit.parents = {*GitOid::fromHex(OidB)};
        commit.author = QStringLiteral("alice");
        commit.timeMs = SomeTimeMs;
        commit.title = QStringLiteral("a < b");
        commit.message = QStringLiteral("x\ny");
        const QByteArray plain =
            test::quoted("{'id':'") + OidA +
            test::quoted("','title':'a < b','message':'x\\ny','authors':[{'user':'alice','avatar':''}],"
                         "'date':'2026-01-31T08:15:00.123Z','parents':['") +
            OidB + test::quoted("']");
        JsonWriter json;
        writeCommit(json, commit, false);
        QCOMPARE(json.take(), plain + "}");
        JsonWriter formatted;
        writeCommit(formatted, commit, true);
        QCOMPARE(formatted.take(),
                 plain + test::quoted(",'formatted':{'title':'a &lt; b','message':'x<br>y'}}"));
    }

    void treeItems()
    {
        service::Browse::TreeItem file;
        file.entry.path = *RepoPath::parse("a/\xc3\xa9 b.txt");
        file.entry.oid = *GitOid::fromHex(OidA);
        file.entry.size = 12;
        file.entry.content = *Sha256::fromHex(QByteArray(64, 'c'));
        QCOMPARE(written(file), test::quoted("{'type':'file','oid':'") + OidA +
                                    test::quoted("','size':12,'path':'a/\xc3\xa9 b.txt'}"));

        file.lastCommit = catalog::LastCommit{*GitOid::fromHex(OidB), QStringLiteral("add it"), SomeTimeMs};
        file.entry.lfs = true;
        file.entry.pointerSize = 130;
        QCOMPARE(written(file),
                 test::quoted("{'type':'file','oid':'") + OidA + test::quoted("','size':12,'lfs':{'oid':'") +
                     QByteArray(64, 'c') +
                     test::quoted(
                         "','size':12,'pointerSize':130},'path':'a/\xc3\xa9 b.txt','lastCommit':{'id':'") +
                     OidB + test::quoted("','title':'add it','date':'2026-01-31T08:15:00.123Z'}}"));

        service::Browse::TreeItem folder;
        folder.entry.kind = catalog::TreeEntry::Kind::Directory;
        folder.entry.path = *RepoPath::parse("a");
        folder.entry.oid = *GitOid::fromHex(OidB);
        folder.entry.size = 999; // of everything below it; the Hub says 0
        QCOMPARE(written(folder),
                 test::quoted("{'type':'directory','oid':'") + OidB + test::quoted("','size':0,'path':'a'}"));
    }
};

QTEST_APPLESS_MAIN(TestHubJson)
#include "tst_hubjson.moc"
