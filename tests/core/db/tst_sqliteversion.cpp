// SPDX-License-Identifier: Apache-2.0
#include "core/db/sqliteversion.h"

#include <QTest>

using namespace hublet::db;

class TestSqliteVersion : public QObject {
    Q_OBJECT
private slots:
    void warnsOnAffectedVersions_data();
    void warnsOnAffectedVersions();
};

void TestSqliteVersion::warnsOnAffectedVersions_data()
{
    QTest::addColumn<bool>("affected");
    const QStringList affected{QStringLiteral("3.7.0"),  QStringLiteral("3.34.1"), QStringLiteral("3.40.1"),
                               QStringLiteral("3.44.0"), QStringLiteral("3.44.5"), QStringLiteral("3.45.0"),
                               QStringLiteral("3.46.1"), QStringLiteral("3.50.0"), QStringLiteral("3.50.6"),
                               QStringLiteral("3.51.0"), QStringLiteral("3.51.2"), QStringLiteral("3.52.0")};
    const QStringList fine{QStringLiteral("3.6.23"), QStringLiteral("3.44.6"), QStringLiteral("3.44.9"),
                           QStringLiteral("3.50.7"), QStringLiteral("3.50.8"), QStringLiteral("3.51.3"),
                           QStringLiteral("3.52.1"), QStringLiteral("3.53.0"), QStringLiteral("4.0.0")};
    for (const QString& version : affected)
        QTest::newRow(qPrintable(version)) << true;
    for (const QString& version : fine)
        QTest::newRow(qPrintable(version)) << false;
}

void TestSqliteVersion::warnsOnAffectedVersions()
{
    QFETCH(bool, affected);
    const QString version = QString::fromLatin1(QTest::currentDataTag());
    const QString warning = sqliteVersionWarning(version);
    QCOMPARE(!warning.isEmpty(), affected);
    QCOMPARE(warning.contains(version), affected);
}

QTEST_APPLESS_MAIN(TestSqliteVersion)
#include "tst_sqliteversion.moc"
