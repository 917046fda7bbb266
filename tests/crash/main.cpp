// SPDX-License-Identifier: Apache-2.0
#include "tests/crash/checker.h"
#include "tests/crash/fulldisk.h"
#include "tests/crash/worker.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QRegularExpression>
#include <QTextStream>

using namespace hublet;
using namespace hublet::crash;

namespace {

constexpr int Done = 0;
constexpr int BrokenPromise = 1;
constexpr int CannotRun = 2;
constexpr int StepsFailed = 4; ///< of a run, each named by an "error" line
constexpr int Leak = 5;
constexpr int MostProblems = 10; ///< printed of a check; one fault often breaks many promises

QList<QByteArray> readLines(const QString& name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QList<QByteArray> lines = file.readAll().split('\n');
    lines.removeLast(); // what follows the last line end is not a whole line
    return lines;
}

/// But for files under their names in the store, which it keeps open once they were served.
qsizetype openDescriptors()
{
    static const QRegularExpression served(QStringLiteral("/store/(blobs|packs|xorbs)/[0-9a-f/]+$"));
    qsizetype count = 0;
    const QDir folder(QStringLiteral("/proc/self/fd"));
    for (const QString& number : folder.entryList(QDir::AllEntries | QDir::System)) {
        if (!served.match(QFile::symLinkTarget(folder.filePath(number))).hasMatch())
            ++count;
    }
    return count;
}

int runWorker(World& world, const WorkerOptions& options, bool leakCheck)
{
    const auto ready = world.package(QStringLiteral("model"));
    if (!ready) {
        qCritical("%s", qPrintable(ready.error().describe()));
        return CannotRun;
    }
    if (!leakCheck)
        return Worker(world, options).run() == 0 ? Done : StepsFailed;
    // The second run meets warm caches: it may not open anything that stays open.
    const int errors = Worker(world, options).run();
    WorkerOptions more = options;
    more.firstCycle += options.cycles;
    const qsizetype before = openDescriptors();
    const int laterErrors = Worker(world, more).run();
    if (openDescriptors() > before || !QDir(world.folder + QStringLiteral("/store/staging")).isEmpty())
        return Leak;
    return errors + laterErrors == 0 ? Done : StepsFailed;
}

} // namespace

int main(int argc, char* argv[])
{
    QCoreApplication application(argc, argv);
    QCommandLineParser parser;
    parser.setApplicationDescription(
        QStringLiteral("Uploads, commits, converts, deletes and sweeps until it is killed; then checks."));
    parser.addHelpOption();
    parser.addPositionalArgument(QStringLiteral("command"),
                                 QStringLiteral("setup, run, recover, check or full-disk"));
    parser.addPositionalArgument(QStringLiteral("folder"), QStringLiteral("data folder"));
    parser.addOptions({
        {QStringLiteral("seed"), QStringLiteral("Seed of all contents."), QStringLiteral("n"),
         QStringLiteral("1")},
        {QStringLiteral("first"), QStringLiteral("First cycle."), QStringLiteral("n"), QStringLiteral("0")},
        {QStringLiteral("cycles"), QStringLiteral("Number of cycles."), QStringLiteral("n"),
         QStringLiteral("1")},
        {QStringLiteral("row-first"), QStringLiteral("Mutant: rows before files.")},
        {QStringLiteral("wrong-bytes"), QStringLiteral("LFS uploads whose bytes are not those promised.")},
        {QStringLiteral("leak-check"),
         QStringLiteral("Run twice and look for descriptors and staging files left.")},
        {QStringLiteral("acknowledged"), QStringLiteral("File with the lines of a run, for check."),
         QStringLiteral("file")},
    });
    parser.process(application);
    const QStringList arguments = parser.positionalArguments();
    if (arguments.size() != 2)
        parser.showHelp(CannotRun);
    const QString command = arguments[0];

    const auto world = World::open(arguments[1], command == u"check" || command == u"recover");
    if (!world) {
        qCritical("cannot open: %s %s", errorCodeName(world.error().code()),
                  qPrintable(world.error().describe()));
        return CannotRun;
    }
    const auto seed = parser.value(QStringLiteral("seed")).toUInt();
    if (command == u"check") {
        Checker checker(**world, seed);
        checker.run(readLines(parser.value(QStringLiteral("acknowledged"))));
        QTextStream(stdout) << checker.summary() << '\n'
                            << checker.problems().mid(0, MostProblems).join(u'\n');
        return checker.problems().isEmpty() ? Done : BrokenPromise;
    }
    if (command == u"recover")
        return (*world)->sweepThoroughly() ? Done : CannotRun;
    if (command == u"full-disk") {
        const QStringList problems = runOnFullDisk(**world);
        QTextStream(stdout) << problems.join(u'\n');
        return problems.isEmpty() ? Done : BrokenPromise;
    }
    if (command == u"setup")
        return (*world)->package(QStringLiteral("model")) ? Done : CannotRun;
    return runWorker(**world,
                     {seed, parser.value(QStringLiteral("first")).toInt(),
                      parser.value(QStringLiteral("cycles")).toInt(),
                      parser.isSet(QStringLiteral("row-first")), parser.isSet(QStringLiteral("wrong-bytes"))},
                     parser.isSet(QStringLiteral("leak-check")));
}
