// SPDX-License-Identifier: Apache-2.0
#include "core/service/uploads/ticketsigner.h"

#include "core/base/hasher.h"

#include <QRegularExpression>
#include <QTest>

using namespace hublet;
using namespace hublet::service;

class TestTicketSigner : public QObject {
    Q_OBJECT

    static constexpr qint64 Expires = 1'000'000;

    const TicketSigner m_signer{QByteArray(32, 'k')};
    const UploadTicket m_ticket{Sha256Hasher::hash("content"),
                                123456789012,
                                42,
                                *RepositoryKey::parse(u"hf-local"),
                                3,
                                64 << 20,
                                Expires,
                                7,
                                QStringLiteral("models/acme/bert")};

private slots:
    void readsWhatItSigned()
    {
        const auto ticket = m_signer.read(m_signer.sign(m_ticket), Expires - 1);
        QVERIFY(ticket);
        QVERIFY(*ticket == m_ticket);
    }

    void usesOnlySafeCharacters()
    {
        UploadTicket ticket = m_ticket;
        static const QRegularExpression safe(QStringLiteral("\\A[A-Za-z0-9._-]+\\z"));
        for (int part = 0; part < 200; ++part) {
            ticket.part = part;
            QVERIFY(safe.match(QString::fromLatin1(m_signer.sign(ticket))).hasMatch());
        }
    }

    void endsInTime()
    {
        const auto ticket = m_signer.read(m_signer.sign(m_ticket), Expires);
        QVERIFY(!ticket);
        QCOMPARE(ticket.error().code(), ErrorCode::Forbidden);
        QVERIFY(ticket.error().detail().contains(QStringLiteral("expired")));
    }

    void refusesEveryChange()
    {
        const auto form = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;
        const QByteArray bytes = QByteArray::fromBase64(m_signer.sign(m_ticket), form);
        for (qsizetype i = 0; i < bytes.size(); ++i) {
            QByteArray changed = bytes;
            changed[i] = char(changed[i] ^ 1);
            const auto ticket = m_signer.read(changed.toBase64(form), 0);
            QVERIFY2(!ticket, QByteArray::number(i).constData());
            QVERIFY(ticket.error().detail().contains(QStringLiteral("not valid")));
        }
    }

    void refusesWhatIsNoTicket_data()
    {
        QTest::addColumn<QByteArray>("text");
        const QByteArray right = m_signer.sign(m_ticket);
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("no base64") << QByteArray("!" + right);
        QTest::newRow("cut") << right.chopped(4);
        QTest::newRow("longer") << QByteArray(right + "AAAA");
        QTest::newRow("huge") << QByteArray(100'000, 'A');
        QTest::newRow("other key") << TicketSigner(QByteArray(32, 'x')).sign(m_ticket);
    }
    void refusesWhatIsNoTicket()
    {
        QFETCH(QByteArray, text);
        const auto ticket = m_signer.read(text, 0);
        QVERIFY(!ticket);
        QCOMPARE(ticket.error().code(), ErrorCode::Forbidden);
        QVERIFY(ticket.error().detail().contains(QStringLiteral("not valid")));
    }
};

QTEST_GUILESS_MAIN(TestTicketSigner)
#include "tst_ticketsigner.moc"
