// SPDX-License-Identifier: Apache-2.0
#include "core/service/context/settings.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

using namespace hublet;
using namespace hublet::service;

class TestSettings : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;
    QString m_file;

    void write(const QByteArray& bytes) const
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }

private slots:
    void init()
    {
        m_file = m_folder.filePath(QStringLiteral("settings.json"));
        QFile::remove(m_file);
    }

    void startsWithDefaults()
    {
        const auto settings = Settings::open(m_file);
        QVERIFY(settings);
        QCOMPARE((*settings)->values().port, quint16(8082));
        QCOMPARE((*settings)->values().addresses,
                 QStringList({QStringLiteral("127.0.0.1"), QStringLiteral("::1")}));
        QVERIFY(!(*settings)->values().defaultRepository);
        QVERIFY(!QFile::exists(m_file));
    }

    void keepsWhatWasChanged()
    {
        SettingsValues values;
        values.port = 9000;
        values.addresses = {QStringLiteral("0.0.0.0")};
        values.defaultRepository = *RepositoryKey::parse(u"hf-local");
        values.allowedHosts = {QStringLiteral("models.example")};
        values.allowedOrigins = {QStringLiteral("https://tool.example")};
        values.trustedProxies = {QStringLiteral("10.0.0.1")};
        QVERIFY((*Settings::open(m_file))->change(values));
        QVERIFY((*Settings::open(m_file))->values() == values);
        QCOMPARE(QFileInfo(m_file).permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther),
                 0);
    }

    void keepsUnknownKeys()
    {
        write(R"({"port": 8100, "fromTheFuture": {"a": 1}})");
        const auto settings = Settings::open(m_file);
        QVERIFY(settings);
        QCOMPARE((*settings)->values().port, quint16(8100));
        QVERIFY((*settings)->change((*settings)->values()));
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::ReadOnly));
        QVERIFY(QJsonDocument::fromJson(file.readAll()).object().contains(QStringLiteral("fromTheFuture")));
    }

    void refusesDamage_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("no json") << QByteArray("port=1");
        QTest::newRow("array") << QByteArray("[]");
        QTest::newRow("port too large") << QByteArray(R"({"port": 65536})");
        QTest::newRow("port is text") << QByteArray(R"({"port": "8082"})");
        QTest::newRow("addresses are text") << QByteArray(R"({"addresses": "127.0.0.1"})");
        QTest::newRow("address is a number") << QByteArray(R"({"addresses": [1]})");
        QTest::newRow("bad key") << QByteArray(R"({"defaultRepository": "a b"})");
    }
    void refusesDamage()
    {
        QFETCH(QByteArray, json);
        write(json);
        const auto settings = Settings::open(m_file);
        QVERIFY(!settings);
        QCOMPARE(settings.error().code(), ErrorCode::Corrupt);
        const QString said = settings.error().detail();
        QVERIFY2(said.contains(m_file) && said.contains(u"remove it"), qPrintable(said));
        QVERIFY2(!said.contains(u"no error"), qPrintable(said));
    }

    void refusesUselessValues()
    {
        const auto settings = *Settings::open(m_file);
        SettingsValues values;
        values.port = 0;
        QCOMPARE(settings->change(values).error().code(), ErrorCode::InvalidArgument);
        values = SettingsValues();
        values.addresses.clear();
        QCOMPARE(settings->change(values).error().code(), ErrorCode::InvalidArgument);
        QVERIFY(settings->values() == SettingsValues());
    }
};

QTEST_GUILESS_MAIN(TestSettings)
#include "tst_settings.moc"
