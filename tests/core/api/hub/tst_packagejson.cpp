// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/jsonpieces.h"
#include "core/api/hub/packagejson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace hublet;
using namespace hublet::api;

namespace {

const QByteArray Sha(40, 'a');
constexpr qint64 CreatedMs = 1'769'847'300'000;  // 2026-01-31T08:15:00.000Z
constexpr qint64 ModifiedMs = 1'769'847'301'000; // 2026-01-31T08:15:01.000Z

catalog::Package somePackage(PackageType type)
{
    catalog::Package package{.repository = *RepositoryKey::parse(u"hf-local"),
                             .id = *PackageId::parse(type, u"acme/bert"),
                             .hubId = QByteArray(24, '1'),
                             .creator = {},
                             .head = {},
                             .card = {}};
    package.createdMs = CreatedMs;
    package.modifiedMs = ModifiedMs;
    package.gating = catalog::Gating::Manual;
    package.downloads = 5;
    package.totalSize = 77;
    package.card.data = {{QStringLiteral("license"), QStringLiteral("mit")}};
    package.card.tags = QStringList{QStringLiteral("license:mit")};
    package.card.pipelineTag = QStringLiteral("text-classification");
    return package;
}

catalog::TreeEntry someLfsFile(const QByteArray& path)
{
    catalog::TreeEntry file;
    file.path = *RepoPath::parse(path);
    file.oid = *GitOid::fromHex(QByteArray(40, 'b'));
    file.size = 20;
    file.lfs = true;
    file.pointerSize = 127;
    file.content = *Sha256::fromHex(QByteArray(64, 'c'));
    return file;
}

/// `pages` pages of `onPage` files each.
FilePages files(int pages, int onPage)
{
    return [pages, onPage, page = 0]() mutable -> Result<std::vector<catalog::TreeEntry>> {
        std::vector<catalog::TreeEntry> found;
        for (int i = 0; i < onPage && page < pages; ++i)
            found.push_back(someLfsFile("a" + QByteArray::number(page * onPage + i) + ".bin"));
        ++page;
        return found;
    };
}

QJsonObject described(const PackageFields& fields, PackageType type = PackageType::Model,
                      const QByteArray& sha = Sha)
{
    PackageJson json(somePackage(type), sha, fields, files(1, 1));
    QByteArray text;
    while (!json.isDone())
        text += json.next().value();
    return QJsonDocument::fromJson(text).object();
}

QStringList sorted(QStringList list)
{
    list.sort();
    return list;
}

} // namespace

class TestPackageJson : public QObject {
    Q_OBJECT

private slots:
    void infoOfModel()
    {
        const QJsonObject expected{
            {QStringLiteral("_id"), QString(24, u'1')},
            {QStringLiteral("id"), QStringLiteral("acme/bert")},
            {QStringLiteral("modelId"), QStringLiteral("acme/bert")},
            {QStringLiteral("author"), QStringLiteral("acme")},
            {QStringLiteral("sha"), QString(40, u'a')},
            {QStringLiteral("lastModified"), QStringLiteral("2026-01-31T08:15:01.000Z")},
            {QStringLiteral("createdAt"), QStringLiteral("2026-01-31T08:15:00.000Z")},
            {QStringLiteral("private"), false},
            {QStringLiteral("gated"), QStringLiteral("manual")},
            {QStringLiteral("disabled"), false},
            {QStringLiteral("usedStorage"), 77},
            {QStringLiteral("xetEnabled"), false},
            {QStringLiteral("downloads"), 5},
            {QStringLiteral("likes"), 0},
            {QStringLiteral("tags"), QJsonArray{QStringLiteral("license:mit")}},
            {QStringLiteral("cardData"), QJsonObject{{QStringLiteral("license"), QStringLiteral("mit")}}},
            {QStringLiteral("pipeline_tag"), QStringLiteral("text-classification")},
            {QStringLiteral("spaces"), QJsonArray()},
            {QStringLiteral("siblings"),
             QJsonArray{QJsonObject{{QStringLiteral("rfilename"), QStringLiteral("a0.bin")}}}}};
        QCOMPARE(described(PackageFields::forInfo(http::Query())), expected);
    }

    void blobs()
    {
        const QJsonObject info =
            described(PackageFields::forInfo(http::Query("blobs=True&securityStatus=1")));
        const QJsonObject lfs{{QStringLiteral("sha256"), QString(64, u'c')},
                              {QStringLiteral("size"), 20},
                              {QStringLiteral("pointerSize"), 127}};
        const QJsonObject sibling{{QStringLiteral("rfilename"), QStringLiteral("a0.bin")},
                                  {QStringLiteral("size"), 20},
                                  {QStringLiteral("blobId"), QString(40, u'b')},
                                  {QStringLiteral("lfs"), lfs}};
        QCOMPARE(info.value(u"siblings").toArray(), QJsonArray{sibling});
        const QJsonObject status{{QStringLiteral("scansDone"), false},
                                 {QStringLiteral("filesWithIssues"), QJsonArray()}};
        QCOMPARE(info.value(u"securityRepoStatus").toObject(), status);
    }

    void fields_data()
    {
        QTest::addColumn<bool>("listing");
        QTest::addColumn<QByteArray>("query");
        QTest::addColumn<QStringList>("expected"); ///< besides _id and id
        const auto row = [](const char* name, bool listing, const char* query, const QStringList& expected) {
            QTest::newRow(name) << listing << QByteArray(query) << expected;
        };
        row("xetEnabled, as 0.30 asks", false, "expand=xetEnabled", {QStringLiteral("xetEnabled")});
        row("brackets", false, "expand[]=likes", {QStringLiteral("likes")});
        row("several", false, "expand=sha&expand=private&expand=downloadsAllTime",
            {QStringLiteral("downloadsAllTime"), QStringLiteral("private"), QStringLiteral("sha")});
        row("nothing known", false, "expand=somethingNew", {});
        row("known, but nothing to say", false, "expand=safetensors&expand=config", {});
        row("listing, expanded", true, "expand=siblings&full=true", {QStringLiteral("siblings")});
    }
    void fields()
    {
        QFETCH(bool, listing);
        QFETCH(QByteArray, query);
        QFETCH(QStringList, expected);
        const http::Query asked{query};
        const QJsonObject info =
            described(listing ? PackageFields::forListing(asked) : PackageFields::forInfo(asked));
        QCOMPARE(sorted(info.keys()),
                 sorted(expected + QStringList{QStringLiteral("_id"), QStringLiteral("id")}));
    }

    void listingIsShortUnlessFull()
    {
        const QJsonObject item = described(PackageFields::forListing(http::Query("limit=5")));
        QVERIFY(!item.contains(u"siblings"));
        QVERIFY(!item.contains(u"cardData"));
        for (const char16_t* required : {u"id", u"private", u"downloads", u"likes", u"tags", u"lastModified"})
            QVERIFY(item.contains(QStringView(required)));
        QVERIFY(described(PackageFields::forListing(http::Query("cardData=true"))).contains(u"cardData"));
        QVERIFY(described(PackageFields::forListing(http::Query("full=True"))).contains(u"siblings"));
    }

    void datasetsHaveNoModelFields()
    {
        const QJsonObject info = described(PackageFields::forInfo(http::Query()), PackageType::Dataset);
        for (const char16_t* field : {u"modelId", u"pipeline_tag", u"library_name", u"spaces"})
            QVERIFY(!info.contains(QStringView(field)));
        QVERIFY(info.contains(u"cardData"));
    }

    void shaIsLeftOutWhereThereIsNone()
    {
        QVERIFY(!described(PackageFields::forInfo(http::Query()), PackageType::Model, {}).contains(u"sha"));
    }

    void errorOfTheFilesIsHandedOn()
    {
        const auto failing = []() -> Result<std::vector<catalog::TreeEntry>> {
            return fail(ErrorCode::Database, QStringLiteral("x"));
        };
        PackageJson json(somePackage(PackageType::Model), Sha, PackageFields::forInfo(http::Query()),
                         failing);
        const auto written = json.next();
        QVERIFY(!written);
        QCOMPARE(written.error().code(), ErrorCode::Database);
    }

    void manyFilesComeInPieces()
    {
        constexpr int Pages = 200;
        constexpr int OnPage = 100;
        PackageJson json(somePackage(PackageType::Model), Sha,
                         PackageFields::forInfo(http::Query("blobs=1&securityStatus=1")),
                         files(Pages, OnPage));
        QByteArray text;
        int pieces = 0;
        for (; !json.isDone(); ++pieces) {
            const auto piece = json.next();
            QVERIFY(piece && !piece->isEmpty() && piece->size() < 2 * kJsonPieceBytes);
            text += *piece;
        }
        QVERIFY(pieces > 5);
        QVERIFY(json.next().value().isEmpty());
        const QJsonObject info = QJsonDocument::fromJson(text).object();
        QCOMPARE(info.value(u"siblings").toArray().size(), qsizetype(Pages) * OnPage);
        QVERIFY(info.contains(u"securityRepoStatus"));
    }
};

QTEST_APPLESS_MAIN(TestPackageJson)
#include "tst_packagejson.moc"
