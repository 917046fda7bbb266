// SPDX-License-Identifier: Apache-2.0
#include "core/service/setmeup.h"

#include <QProcess>
#include <QTest>

#include <algorithm>

using namespace hublet;
using namespace hublet::service;

Q_DECLARE_METATYPE(hublet::service::SetMeUpRequest)

namespace {

/// Runs a program with `input` and gives what it wrote; nothing when it failed.
std::optional<QString> run(const QString& program, const QStringList& arguments, const QString& input)
{
    QProcess process;
    process.start(program, arguments);
    process.write(input.toUtf8());
    process.closeWriteChannel();
    if (!process.waitForFinished() || process.exitCode() != 0) {
        qWarning().noquote() << process.readAllStandardError() << input;
        return std::nullopt;
    }
    return QString::fromUtf8(process.readAllStandardOutput());
}

} // namespace

class TestSetMeUp : public QObject {
    Q_OBJECT

    static SetMeUpRequest request()
    {
        SetMeUpRequest request;
        request.address = QStringLiteral("http://127.0.0.1:8082");
        request.repository = QStringLiteral("hf-local");
        request.token = QStringLiteral("hf_abc");
        request.package = QStringLiteral("acme/bert");
        return request;
    }
    static QString textOf(const std::vector<SetMeUpSnippet>& snippets, const QString& title)
    {
        const auto found = std::find_if(snippets.begin(), snippets.end(),
                                        [&](const auto& snippet) { return snippet.title == title; });
        return found == snippets.end() ? QString() : found->text;
    }
    static void addRequests()
    {
        QTest::addColumn<SetMeUpRequest>("asked");
        QTest::newRow("plain") << request();
        SetMeUpRequest awkward = request();
        awkward.token.clear();
        awkward.type = PackageType::Dataset;
        awkward.revision = QStringLiteral("it's \"v1\"\\");
        awkward.file = QStringLiteral("dir/a 'b' \"c\" %2 #ü$HOME.txt");
        QTest::newRow("awkward") << awkward;
        SetMeUpRequest folder = awkward;
        std::swap(folder.folder, folder.file);
        folder.takesUploads = false;
        QTest::newRow("folder") << folder;
        SetMeUpRequest bare = request();
        bare.package.reset();
        QTest::newRow("no package") << bare;
    }

private slots:
    void namesTheEndpoint()
    {
        const QString expected = QStringLiteral("http://h:1/artifactory/api/huggingfaceml/hf-local");
        QCOMPARE(huggingFaceEndpoint(QStringLiteral("http://h:1"), QStringLiteral("hf-local")), expected);
        QCOMPARE(huggingFaceEndpoint(QStringLiteral("http://h:1//"), QStringLiteral("hf-local")), expected);
    }

    void givesShellText_data() { addRequests(); }
    void givesShellText()
    {
        QFETCH(SetMeUpRequest, asked);
        for (const SetMeUpShell shell : {SetMeUpShell::Bash, SetMeUpShell::Cli}) {
            for (const SetMeUpSnippet& snippet : setMeUp(asked, shell))
                QVERIFY2(run(QStringLiteral("bash"), {QStringLiteral("-n")}, snippet.text),
                         qPrintable(snippet.title));
        }
    }

    void givesPythonText_data() { addRequests(); }
    void givesPythonText()
    {
        QFETCH(SetMeUpRequest, asked);
        const auto snippets = setMeUp(asked, SetMeUpShell::Python);
        QCOMPARE(snippets.size(), 4U);
        for (const SetMeUpSnippet& snippet : snippets) {
            const QStringList parse{QStringLiteral("-c"),
                                    QStringLiteral("import ast,sys; ast.parse(sys.stdin.buffer.read())")};
            QVERIFY2(run(QStringLiteral("python3"), parse, snippet.text), qPrintable(snippet.title));
        }
    }

    void setsTheEnvironment()
    {
        const QString configure = textOf(setMeUp(request(), SetMeUpShell::Bash), QStringLiteral("Configure"));
        const auto environment = run(QStringLiteral("bash"), {}, configure + QStringLiteral("\nenv"));
        QVERIFY(environment);
        QVERIFY(environment->contains(
            QStringLiteral("HF_ENDPOINT=http://127.0.0.1:8082/artifactory/api/huggingfaceml/hf-local\n")));
        QVERIFY(environment->contains(QStringLiteral("HF_TOKEN=hf_abc\n")));
        QVERIFY2(!environment->contains(QStringLiteral("HF_HUB_ETAG_TIMEOUT")), "the time-outs are optional");
        QVERIFY(configure.contains(QStringLiteral("# export HF_HUB_ETAG_TIMEOUT='86400'")));
    }

    void asksForTheRightFile()
    {
        SetMeUpRequest asked = request();
        asked.type = PackageType::Dataset;
        asked.revision = QStringLiteral("refs/pr/1");
        asked.file = QStringLiteral("a b/it's.txt");
        const QString resolve = textOf(setMeUp(asked, SetMeUpShell::Bash), QStringLiteral("Resolve"));
        const auto called =
            run(QStringLiteral("bash"), {}, QStringLiteral("curl() { printf '%s\\n' \"$@\"; }\n") + resolve);
        QVERIFY(called);
        QCOMPARE(
            called->trimmed().section(u'\n', -1),
            QStringLiteral(
                "http://127.0.0.1:8082/artifactory/api/huggingfaceml/hf-local/datasets/acme/bert/resolve/"
                "refs%2Fpr%2F1/a%20b/it%27s.txt"));
    }

    void savesUnderTheNameOfTheFile()
    {
        SetMeUpRequest asked = request();
        asked.file = QStringLiteral("dir/it's a very long name.txt");
        const QString resolve = textOf(setMeUp(asked, SetMeUpShell::Bash), QStringLiteral("Resolve"));
        const auto called =
            run(QStringLiteral("bash"), {}, QStringLiteral("curl() { printf '%s\n' \"$@\"; }\n") + resolve);
        QVERIFY(called);
        QVERIFY2(called->contains(QStringLiteral("--output\nit's a very long name.txt\n")),
                 qPrintable(*called));
    }

    void deploysWhereItCanBeWritten()
    {
        SetMeUpRequest asked = request();
        asked.revision = QStringLiteral("v1.0");
        asked.takesUploads = false;
        for (const SetMeUpShell shell :
             {SetMeUpShell::Bash, SetMeUpShell::PowerShell, SetMeUpShell::Python, SetMeUpShell::Cli}) {
            const auto snippets = setMeUp(asked, shell);
            const QString deploy = textOf(snippets, QStringLiteral("Deploy"));
            QVERIFY2(deploy.contains(QStringLiteral("main")), qPrintable(deploy));
            QVERIFY2(deploy.contains(QStringLiteral("# v1.0 cannot be written to")), qPrintable(deploy));
            QCOMPARE(deploy.count(QStringLiteral("v1.0")), 1);
            QVERIFY(textOf(snippets, QStringLiteral("Resolve")).contains(QStringLiteral("v1.0")));
        }
    }

    void keepsToTheFolder()
    {
        SetMeUpRequest asked = request();
        asked.folder = QStringLiteral("data/[a] b");
        const auto python = setMeUp(asked, SetMeUpShell::Python);
        QVERIFY(textOf(python, QStringLiteral("Deploy"))
                    .contains(QStringLiteral("path_in_repo=\"data/[a] b\",")));
        QVERIFY(textOf(python, QStringLiteral("Resolve"))
                    .contains(QStringLiteral("allow_patterns=\"data/[[]a] b/*\",")));
        const auto cli = setMeUp(asked, SetMeUpShell::Cli);
        QVERIFY(textOf(cli, QStringLiteral("Deploy"))
                    .endsWith(QStringLiteral(" -- 'acme/bert' my-folder 'data/[a] b'\n")));
        QVERIFY(textOf(cli, QStringLiteral("Resolve"))
                    .contains(QStringLiteral("--include='data/[[]a] b/*' -- ")));
    }

    void deploysTheFile()
    {
        SetMeUpRequest asked = request();
        asked.file = QStringLiteral("data/a.txt");
        const QString python = textOf(setMeUp(asked, SetMeUpShell::Python), QStringLiteral("Deploy"));
        QVERIFY(python.contains(QStringLiteral("upload_file(")));
        QVERIFY(python.contains(QStringLiteral("path_or_fileobj=\"a.txt\",")));
        QVERIFY(python.contains(QStringLiteral("path_in_repo=\"data/a.txt\",")));
        QVERIFY(textOf(setMeUp(asked, SetMeUpShell::Cli), QStringLiteral("Deploy"))
                    .endsWith(QStringLiteral(" -- 'acme/bert' 'a.txt' 'data/a.txt'\n")));
    }

    void passesNamesToTheCli()
    {
        SetMeUpRequest asked = request();
        asked.revision = QStringLiteral("v 1");
        asked.file = QStringLiteral("-it's.txt");
        const QString download = textOf(setMeUp(asked, SetMeUpShell::Cli), QStringLiteral("Resolve"));
        const auto called =
            run(QStringLiteral("bash"), {}, QStringLiteral("hf() { printf '%s|' \"$@\"; }\n") + download);
        QVERIFY(called);
        QCOMPARE(*called,
                 QStringLiteral("download|--repo-type|model|--revision|v 1|--|acme/bert|-it's.txt|"));
    }

    void quotesForPowerShell()
    {
        SetMeUpRequest asked = request();
        asked.file = QStringLiteral("it's.txt");
        const auto snippets = setMeUp(asked, SetMeUpShell::PowerShell);
        QVERIFY(textOf(snippets, QStringLiteral("Resolve")).contains(QStringLiteral("-OutFile 'it''s.txt'")));
        QVERIFY(textOf(snippets, QStringLiteral("Configure"))
                    .contains(QStringLiteral("$env:HF_TOKEN = 'hf_abc'\n")));
    }

    void loadsByType()
    {
        SetMeUpRequest asked = request();
        QVERIFY(!textOf(setMeUp(asked, SetMeUpShell::Python), QStringLiteral("Load with transformers"))
                     .isEmpty());
        asked.type = PackageType::Dataset;
        QVERIFY(
            !textOf(setMeUp(asked, SetMeUpShell::Python), QStringLiteral("Load with datasets")).isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestSetMeUp)
#include "tst_setmeup.moc"
