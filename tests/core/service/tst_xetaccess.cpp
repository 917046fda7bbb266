// SPDX-License-Identifier: Apache-2.0
#include "tests/core/service/servicefixture.h"

using namespace hublet;
using namespace hublet::access;
using namespace hublet::service;
using namespace hublet::service::test;

class TestXetAccess : public QObject {
    Q_OBJECT

    const PackageId m_bert = model(QStringLiteral("acme/bert"));

private slots:
    /// Clients take a refusal in mid-transfer as final: a token is good a little longer than they are told.
    void tokensAreGoodALittleLongerThanTold()
    {
        ServiceFixture hublet;
        const Principal bob = hublet.user(QStringLiteral("bob"), {Action::Read});
        (void)hublet.createPackage(hublet.owner(), m_bert);
        const XetAccess& xet = hublet->xetAccess();
        const qint64 start = hublet.clock().nowMs();
        const XetGrant grant =
            must(xet.grantRead(hublet.permit(bob, Action::Read, m_bert), m_bert, QStringLiteral("main")));
        const qint64 told = grant.expiresSeconds * 1000 - start;
        QVERIFY(told > 3'598'000 && told <= 3'600'000);
        hublet.clock().advance(3'600'000 + 1000); // behind "exp"
        const auto permit = xet.admit(grant.token, XetScope::Read, false);
        QVERIFY2(permit, qPrintable(errorName(permit)));
        QCOMPARE(permit->principal().userId, bob.userId);
        hublet.clock().advance(300'000); // behind the grace, a twelfth of an hour
        QCOMPARE(errorName(xet.admit(grant.token, XetScope::Read, false)), QStringLiteral("BadCredentials"));
    }

    void fetchUrlsNameWhatTheyNeed()
    {
        ServiceFixture hublet;
        const Principal bob = hublet.user(QStringLiteral("bob"), {Action::Read});
        const qint64 row = hublet.createPackage(hublet.owner(), m_bert).rowId;
        const XetAccess& xet = hublet->xetAccess();
        const QByteArray ticket =
            xet.signFetch(hublet.permit(bob, Action::Read, m_bert), {row}, XetHash(), {0, 9});
        const XetFetch fetch = must(xet.admitFetch(ticket, false));
        QVERIFY(xet.checkPackages(fetch, false));
        const auto change = [&](const PackageSettings& settings) {
            must(hublet->packages().changeSettings(hublet.permit(hublet.owner(), Action::Write, m_bert),
                                                   m_bert, settings));
        };
        PackageSettings settings;
        settings.isPrivate = true;
        change(settings);
        QCOMPARE(errorName(xet.checkPackages(fetch, false)), QStringLiteral("Forbidden"));
        settings.isPrivate = false;
        change(settings);
        QVERIFY(xet.checkPackages(fetch, false));
        must(hublet->packages().remove(hublet.permit(hublet.owner(), Action::Delete, m_bert), m_bert));
        QCOMPARE(errorName(xet.checkPackages(fetch, false)), QStringLiteral("Forbidden"));
        QVERIFY(xet.admitFetch(ticket, false));
        must(hublet->directory().deletePermission(QStringLiteral("rights-of-bob")));
        for (const Permission& permission : hublet->directory().permissions())
            must(hublet->directory().deletePermission(permission.name));
        QCOMPARE(errorName(xet.admitFetch(ticket, false)), QStringLiteral("Forbidden"));
    }

    /// Who got a token or URL without a credential on this machine may not hand it to another one.
    void anonymousTokensAndUrlsEndAtTheMachine()
    {
        ServiceFixture hublet;
        const qint64 row = hublet.createPackage(hublet.owner(), m_bert).rowId;
        const XetAccess& xet = hublet->xetAccess();
        const auto permit = hublet.permit(Principal::anonymous(true), Action::Read, m_bert);
        const QByteArray token = must(xet.grantRead(permit, m_bert, QStringLiteral("main"))).token;
        const QByteArray ticket = xet.signFetch(permit, {row}, XetHash(), {0, 9});
        const XetFetch fetch = must(xet.admitFetch(ticket, true));
        const auto admitted = [&](bool isOnThisMachine) {
            return QStringList{errorName(xet.admit(token, XetScope::Read, isOnThisMachine)),
                               errorName(xet.admitFetch(ticket, isOnThisMachine)),
                               errorName(xet.checkPackages(fetch, isOnThisMachine))};
        };
        const QStringList open(3, QStringLiteral("no error"));
        const QStringList closed{QStringLiteral("BadCredentials"), QStringLiteral("Forbidden"),
                                 QStringLiteral("Forbidden")};
        QCOMPARE(admitted(true), open);
        QCOMPARE(admitted(false), closed);
        must(hublet->directory().setAnonymousAccess(AnonymousAccess::Everywhere));
        QCOMPARE(admitted(false), open);
        must(hublet->directory().setAnonymousAccess(AnonymousAccess::Off));
        QCOMPARE(admitted(true), closed);
    }
};

QTEST_GUILESS_MAIN(TestXetAccess)
#include "tst_xetaccess.moc"
