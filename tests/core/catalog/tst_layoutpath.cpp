// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/model/layoutpath.h"

#include <QTest>

using namespace hublet;
using namespace hublet::catalog;

namespace {

constexpr qint64 TimeMs = 1'771'959'160'655; // 2026-02-24T18:52:40.655Z

} // namespace

class TestLayoutPath : public QObject {
    Q_OBJECT
private slots:
    void thereAndBack_data();
    void thereAndBack();
    void foreignPaths_data();
    void foreignPaths();
    void leadFiles_data();
    void leadFiles();
};

void TestLayoutPath::thereAndBack_data()
{
    QTest::addColumn<Layout>("layout");
    QTest::addColumn<PackageType>("type");
    QTest::addColumn<QString>("id");
    QTest::addColumn<QString>("revision");
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, Layout layout, PackageType type, const char* id,
                        const char* revision, const char* file, const char* expected) {
        QTest::newRow(name) << layout << type << QString::fromUtf8(id) << QString::fromUtf8(revision)
                            << QByteArray(file) << QString::fromUtf8(expected);
    };
    using enum PackageType;
    row("legacy model", Layout::Legacy, Model, "acme/bert", "main", "config.json",
        "models/acme/bert/main/2026-02-24T18:52:40.655Z/config.json");
    row("legacy nested file", Layout::Legacy, Model, "acme/bert", "v1.0", "a/b c/d.bin",
        "models/acme/bert/v1.0/2026-02-24T18:52:40.655Z/a/b c/d.bin");
    row("legacy without organisation", Layout::Legacy, Model, "gpt2", "main", "x",
        "models/gpt2/main/2026-02-24T18:52:40.655Z/x");
    row("legacy dataset", Layout::Legacy, Dataset, "acme/squad", "main", "train.parquet",
        "datasets/acme/squad/main/2026-02-24T18:52:40.655Z/train.parquet");
    row("legacy revision with a slash", Layout::Legacy, Model, "acme/bert", "refs/pr/3", "x",
        "models/acme/bert/refs--pr--3/2026-02-24T18:52:40.655Z/x");
    row("ml model", Layout::MachineLearning, Model, "acme/bert", "main", "config.json",
        "models/acme/bert/main_2026-02-24T18:52:40.655Z/model/config.json");
    row("ml underscore in revision", Layout::MachineLearning, Model, "acme/bert", "main_fix", "x",
        "models/acme/bert/main_fix_2026-02-24T18:52:40.655Z/model/x");
    row("ml without organisation", Layout::MachineLearning, Model, "gpt2", "main", "x",
        "models/gpt2/main_2026-02-24T18:52:40.655Z/model/x");
    row("ml dataset", Layout::MachineLearning, Dataset, "acme/squad", "main", "dataset/x",
        "datasets/acme/squad/main_2026-02-24T18:52:40.655Z/dataset/dataset/x");
    row("ml file named like a time", Layout::MachineLearning, Model, "acme/bert", "main",
        "x_2026-02-24T18:52:40.655Z",
        "models/acme/bert/main_2026-02-24T18:52:40.655Z/model/x_2026-02-24T18:52:40.655Z");
}

void TestLayoutPath::thereAndBack()
{
    QFETCH(const Layout, layout);
    QFETCH(const PackageType, type);
    QFETCH(const QString, id);
    QFETCH(const QString, revision);
    QFETCH(const QByteArray, file);
    QFETCH(const QString, expected);
    const Deployment deployment{1, revision, {}, {}, TimeMs};
    const PackageId package = PackageId::parse(type, id).value();
    const QString path = artifactPath(layout, package, deployment, RepoPath::parse(file).value());
    QCOMPARE(path, expected);
    const auto parsed = LayoutPath::parse(layout, path);
    QVERIFY(parsed.has_value());
    QCOMPARE(parsed->type, type);
    QCOMPARE(parsed->package, id);
    QCOMPARE(parsed->revisionFolder, revisionFolder(revision));
    QCOMPARE(parsed->publishedMs, TimeMs);
    QCOMPARE(parsed->file, file);
    QVERIFY(!parsed->isLeadFile);
}

void TestLayoutPath::foreignPaths_data()
{
    QTest::addColumn<Layout>("layout");
    QTest::addColumn<QString>("path");
    const auto row = [](Layout layout, const char* path) {
        QTest::newRow(path) << layout << QString::fromUtf8(path);
    };
    row(Layout::Legacy, "");
    row(Layout::Legacy, "models");
    row(Layout::Legacy, "models/acme/bert/main");
    row(Layout::Legacy, "model/acme/bert/main/2026-02-24T18:52:40.655Z/x");
    row(Layout::Legacy, "spaces/acme/bert/main/2026-02-24T18:52:40.655Z/x");
    row(Layout::Legacy, "models/acme/bert/main/2026-02-24T18:52:40Z/x");
    row(Layout::Legacy, "models/acme/bert/main/2026-02-30T18:52:40.655Z/x");
    row(Layout::Legacy, "models/acme/bert/main_2026-02-24T18:52:40.655Z/model/x");
    row(Layout::MachineLearning, "models/acme/bert/main/2026-02-24T18:52:40.655Z/x");
    row(Layout::MachineLearning, "models/acme/bert/2026-02-24T18:52:40.655Z/model/x");
    row(Layout::MachineLearning, "models/acme/bert/_2026-02-24T18:52:40.655Z/model/x");
    row(Layout::MachineLearning, "models/acme/bert/main_2026-02-24T18:52:40.655Z/dataset/x");
    row(Layout::MachineLearning, "models/a/b/c/main_2026-02-24T18:52:40.655Z/model/x");
}

void TestLayoutPath::foreignPaths()
{
    QFETCH(const Layout, layout);
    QFETCH(const QString, path);
    QVERIFY(!LayoutPath::parse(layout, path).has_value());
}

void TestLayoutPath::leadFiles_data()
{
    QTest::addColumn<Layout>("layout");
    QTest::newRow("legacy") << Layout::Legacy;
    QTest::newRow("machinelearning") << Layout::MachineLearning;
}

void TestLayoutPath::leadFiles()
{
    QFETCH(const Layout, layout);
    const Deployment deployment{1, QStringLiteral("main"), {}, {}, TimeMs};
    for (const PackageType type : {PackageType::Model, PackageType::Dataset}) {
        const PackageId package = PackageId::parse(type, u"acme/bert").value();
        const auto lead = LayoutPath::parse(layout, leadFilePath(layout, package, deployment));
        QVERIFY(lead && lead->isLeadFile && lead->file.isEmpty());
        const auto folder = LayoutPath::parse(layout, deploymentFolder(layout, package, deployment));
        QVERIFY(folder && !folder->isLeadFile && folder->file.isEmpty());
        QCOMPARE(folder->publishedMs, TimeMs);
    }
}

QTEST_GUILESS_MAIN(TestLayoutPath)
#include "tst_layoutpath.moc"
