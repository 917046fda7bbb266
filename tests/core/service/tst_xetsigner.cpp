// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/xetsigner.h"

#include <QTest>

using namespace hublet;
using namespace hublet::service;

namespace {

constexpr qint64 Expires = 1'700'000'000'000;

} // namespace

class TestXetSigner : public QObject {
    Q_OBJECT

    const XetSigner m_signer{QByteArray(32, 'k')};
    const XetSigner m_other{QByteArray(32, 'x')};
    const XetToken m_token{XetScope::Write,
                           "store-1",
                           *RepositoryKey::parse(u"hf-local"),
                           *PackageId::parse(PackageType::Dataset, u"acme/squad"),
                           42,
                           Expires};
    const XetFetch m_fetch{*XetHash::fromText(QByteArray(64, 'a')),
                           {100, 200},
                           RepositoryKey::parse(u"hf-local").value(),
                           QStringLiteral("models/acme/bert"),
                           {3, 5},
                           42,
                           Expires};

private slots:
    void readsWhatItSigned()
    {
        const auto token = m_signer.readToken(m_signer.sign(m_token), Expires - 1);
        QVERIFY(token);
        QVERIFY(*token == m_token);
        const auto fetch = m_signer.readFetch(m_signer.sign(m_fetch), Expires - 1);
        QVERIFY(fetch);
        QVERIFY(*fetch == m_fetch);
    }

    void endsInTime()
    {
        const auto token = m_signer.readToken(m_signer.sign(m_token), Expires);
        QVERIFY(!token);
        QCOMPARE(token.error().code(), ErrorCode::BadCredentials);
        const auto fetch = m_signer.readFetch(m_signer.sign(m_fetch), Expires);
        QVERIFY(!fetch);
        QCOMPARE(fetch.error().code(), ErrorCode::Forbidden);
    }

    void refusesWhatIsNoToken_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray right = m_signer.sign(m_token);
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("prefix only") << QByteArray("xet_");
        QTest::newRow("no prefix") << right.sliced(4);
        QTest::newRow("cut") << right.chopped(4);
        QTest::newRow("longer") << QByteArray(right + "AAAA");
        QTest::newRow("huge") << QByteArray("xet_" + QByteArray(100'000, 'A'));
        QTest::newRow("other key") << m_other.sign(m_token);
        QTest::newRow("another kind") << QByteArray("xet_" + m_signer.sign(m_fetch));
    }
    void refusesWhatIsNoToken()
    {
        QFETCH(QByteArray, text);
        const auto token = m_signer.readToken(text, 0);
        QVERIFY(!token);
        QCOMPARE(token.error().code(), ErrorCode::BadCredentials);
    }

    void refusesEveryChangeOfAFetch()
    {
        const auto form = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
        const QByteArray bytes = QByteArray::fromBase64(m_signer.sign(m_fetch), form);
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            QByteArray changed = bytes;
            changed[i] = char(changed[i] ^ 1);
            QVERIFY2(!m_signer.readFetch(changed.toBase64(form), 0), QByteArray::number(i).constData());
        }
    }
};

QTEST_GUILESS_MAIN(TestXetSigner)
#include "tst_xetsigner.moc"
