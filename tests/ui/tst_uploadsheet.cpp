// SPDX-License-Identifier: Apache-2.0
#include "tests/ui/windowdriver.h"
#include "tests/ui/world.h"
#include "ui/browse/browseitem.h"
#include "ui/browse/browselister.h"
#include "ui/browse/filedrop.h"
#include "ui/jobs/job.h"
#include "ui/jobs/jobbar.h"
#include "ui/jobs/savejob.h"
#include "ui/upload/uploadform.h"
#include "ui/upload/uploadplanmodel.h"
#include "ui/upload/uploadsheet.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QComboBox>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QToolButton>

using namespace hublet;
using namespace hublet::ui;
using test::named;

class UploadSheetTest : public QObject {
    Q_OBJECT

private slots:
    void showsWhatWouldHappenAndUploads();
    void saysWhatIsWrongWhileTyping();
    void goesOnInTheBackgroundAndIsCancelledThere();
    void savesAFolderUnderAFreeName();
    void takesDroppedFiles();

private:
    static UploadDraft draft(const QString& source)
    {
        UploadDraft draft;
        draft.repository = QStringLiteral("hf-local");
        draft.package = QStringLiteral("acme/bert-tiny");
        draft.sources = {source};
        return draft;
    }
    static void write(const QString& path, const QByteArray& bytes)
    {
        QDir().mkpath(QFileInfo(path).absolutePath());
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    }
    static BrowseItem first(test::World& world, std::optional<BrowseItem> parent)
    {
        auto page = listBelow(world.services(), parent, {{}, 10, {}});
        if (!page || page->items.empty())
            qFatal("there is no row");
        return page->items.front();
    }
};

void UploadSheetTest::showsWhatWouldHappenAndUploads()
{
    test::World world;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"same.txt", "same"}, {"other.txt", "old"}});
    QTemporaryDir disk;
    write(disk.filePath(QStringLiteral("same.txt")), "same");
    write(disk.filePath(QStringLiteral("other.txt")), "new");
    write(disk.filePath(QStringLiteral("sub/third.txt")), "third");
    UploadSheet sheet(world.services(), {QStringLiteral("hf-local")}, draft(disk.path()));
    sheet.show();
    auto* table = named<QTableView>(sheet, "uploadFiles");
    QAbstractItemModelTester tester(table->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
    QTRY_COMPARE(table->model()->rowCount(), 3);
    QStringList rows;
    for (int row = 0; row < 3; ++row) {
        const auto cell = [&](int column) { return table->model()->index(row, column).data().toString(); };
        rows.append(cell(UploadPlanModel::PathColumn) + u'|' + cell(UploadPlanModel::ChangeColumn));
    }
    QCOMPARE(rows,
             (QStringList{QStringLiteral("other.txt|replaces what is there"),
                          QStringLiteral("same.txt|already there"), QStringLiteral("sub/third.txt|new")}));

    QSignalSpy uploaded(&sheet, &UploadSheet::uploaded);
    QTest::mouseClick(named<QPushButton>(sheet, "uploadButton"), Qt::LeftButton);
    QTRY_COMPARE(uploaded.count(), 1);
    QVERIFY(!sheet.isVisible());
    UploadSheet again(world.services(), {QStringLiteral("hf-local")}, draft(disk.path()));
    QTRY_COMPARE(named<QLabel>(again, "problem")->text(), QStringLiteral("Everything is there already."));
    QVERIFY(!named<QPushButton>(again, "uploadButton")->isEnabled());
}

void UploadSheetTest::saysWhatIsWrongWhileTyping()
{
    test::World world;
    QTemporaryDir disk;
    write(disk.filePath(QStringLiteral("a.txt")), "a");
    UploadSheet sheet(world.services(), {QStringLiteral("hf-local")}, draft(disk.path()));
    sheet.show();
    auto* start = named<QPushButton>(sheet, "uploadButton");
    auto* problem = named<QLabel>(sheet, "problem");
    QTRY_VERIFY(start->isEnabled());
    const auto retype = [](QLineEdit* edit, const QString& text) {
        edit->selectAll();
        test::type(edit, text);
    };
    retype(named<QLineEdit>(sheet, "uploadPackage"), QStringLiteral("acme/two--dashes"));
    QTRY_VERIFY(!start->isEnabled() && !problem->text().isEmpty());
    retype(named<QLineEdit>(sheet, "uploadPackage"), QStringLiteral("acme/fresh"));
    QTRY_VERIFY(start->isEnabled() && problem->text().isEmpty());
    retype(named<QLineEdit>(sheet, "uploadFolder"), QStringLiteral("../up"));
    QTRY_VERIFY(!start->isEnabled() && !problem->text().isEmpty());
    retype(named<QLineEdit>(sheet, "uploadFolder"), QStringLiteral("data"));
    QTRY_VERIFY(start->isEnabled());
    auto* message = named<QLineEdit>(sheet, "uploadMessage");
    message->selectAll();
    QTest::keyClick(message, Qt::Key_Delete);
    QTRY_VERIFY(!start->isEnabled() && !problem->text().isEmpty());
}

void UploadSheetTest::goesOnInTheBackgroundAndIsCancelledThere()
{
    test::World world;
    QTemporaryDir disk;
    QFile large(disk.filePath(QStringLiteral("large.bin")));
    QVERIFY(large.open(QIODevice::WriteOnly) && large.resize(4LL << 30)); // sparse: costs nothing here
    JobBar bar;
    {
        UploadSheet sheet(world.services(), {QStringLiteral("hf-local")}, draft(large.fileName()));
        connect(&sheet, &UploadSheet::handedOver, &bar, &JobBar::add);
        sheet.show();
        auto* start = named<QPushButton>(sheet, "uploadButton");
        QTRY_VERIFY(start->isEnabled());
        start->click();
        QTRY_VERIFY(sheet.findChild<QProgressBar*>()->isVisible());
        sheet.close();
    }
    QVERIFY(bar.isVisible());
    const auto transfer = [&] {
        const auto all = world.services().transfers().snapshot();
        return all.empty() ? service::TransferInfo() : all.front();
    };
    QTRY_VERIFY(transfer().done > 0);
    QCOMPARE(transfer().total, 4LL << 30);
    named<QToolButton>(bar, "jobClose")->click();
    QTRY_VERIFY_WITH_TIMEOUT(transfer().endedMs > 0, 20'000);
    QTRY_VERIFY(named<QLabel>(bar, "jobText")->text().contains(QStringLiteral("Nothing was kept")));
    named<QToolButton>(bar, "jobClose")->click();
    QVERIFY(!bar.isVisible());
}

void UploadSheetTest::savesAFolderUnderAFreeName()
{
    test::World world;
    world.commit(QStringLiteral("acme/bert-tiny"), QStringLiteral("main"), QStringLiteral("first"),
                 {{"weights/model.bin", "bytes"}});
    const BrowseItem repository = first(world, std::nullopt);
    const BrowseItem models = first(world, repository);
    QVERIFY(!canSave(models));
    const BrowseItem package = first(world, first(world, models));
    QVERIFY(canSave(package));
    QTemporaryDir disk;
    QDir().mkpath(disk.filePath(QStringLiteral("bert-tiny")));
    const QString target = freePath(disk.path(), QStringLiteral("bert-tiny"));
    QCOMPARE(target, disk.filePath(QStringLiteral("bert-tiny (2)")));
    JobBar bar;
    Job* job = save(world.services(), package, target);
    QSignalSpy ended(job, &Job::ended);
    bar.add(job);
    QTRY_COMPARE(ended.count(), 1);
    QCOMPARE(job->state(), Job::State::Done);
    QCOMPARE(job->outcome().folder, disk.path());
    QFile file(target + QStringLiteral("/weights/model.bin"));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("bytes"));
}

void UploadSheetTest::takesDroppedFiles()
{
    QWidget area;
    area.resize(200, 200);
    FileDrop drop(&area, [](const QPoint& position) {
        return position.x() < 100 ? QStringLiteral("Drop to upload") : QString();
    });
    QSignalSpy dropped(&drop, &FileDrop::dropped);
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(QStringLiteral("/tmp/a folder"))});
    const auto send = [&](auto event) {
        QApplication::sendEvent(&area, &event);
        return event.isAccepted();
    };
    const auto enter = [&](QPoint at) {
        return QDragEnterEvent(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    };
    const auto move = [&](QPoint at) {
        return QDragMoveEvent(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    };
    QVERIFY(send(enter({150, 10})));
    QVERIFY(!send(move({150, 10})));
    QVERIFY(send(move({50, 10})));
    QVERIFY(send(QDropEvent(QPointF(50, 10), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier)));
    QCOMPARE(dropped.count(), 1);
    QCOMPARE(dropped.first().at(1).toStringList(), QStringList{QStringLiteral("/tmp/a folder")});
    QMimeData text;
    text.setText(QStringLiteral("no files"));
    QVERIFY(!send(QDragEnterEvent({50, 10}, Qt::CopyAction, &text, Qt::LeftButton, Qt::NoModifier)));
}

QTEST_MAIN(UploadSheetTest)
#include "tst_uploadsheet.moc"
