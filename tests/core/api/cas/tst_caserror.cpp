// SPDX-License-Identifier: Apache-2.0
#include "core/api/cas/caserror.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QLoggingCategory>
#include <QTest>

#include <map>
#include <vector>

using namespace hublet;
using namespace hublet::api::cas;

namespace {

/// Only what another try may mend is 5xx: clients repeat it for hours.
const std::map<int, std::vector<ErrorCode>> Table{
    {400,
     {ErrorCode::InvalidArgument, ErrorCode::InvalidName, ErrorCode::InvalidRevision, ErrorCode::InvalidPath,
      ErrorCode::InvalidHash, ErrorCode::Malformed, ErrorCode::Unsupported, ErrorCode::LengthMismatch,
      ErrorCode::DigestMismatch, ErrorCode::ContentMissing}},
    {401, {ErrorCode::Unauthenticated, ErrorCode::BadCredentials}},
    {403, {ErrorCode::Forbidden, ErrorCode::Gated, ErrorCode::Blocked}},
    {404,
     {ErrorCode::RepositoryNotFound, ErrorCode::PackageNotFound, ErrorCode::RevisionNotFound,
      ErrorCode::EntryNotFound, ErrorCode::NotFound, ErrorCode::Corrupt}},
    {409, {ErrorCode::AlreadyExists, ErrorCode::Conflict, ErrorCode::ParentMoved, ErrorCode::ReadOnly}},
    {413, {ErrorCode::TooLarge, ErrorCode::NoSpace, ErrorCode::QuotaExceeded}},
    {416, {ErrorCode::RangeNotSatisfiable}},
    {500,
     {ErrorCode::Io, ErrorCode::Database, ErrorCode::Busy, ErrorCode::Cancelled, ErrorCode::TimedOut,
      ErrorCode::Unavailable, ErrorCode::Internal}},
};

} // namespace

class TestCasError : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QLoggingCategory::setFilterRules(QStringLiteral("hublet.api.cas=false")); }

    void everyCodeHasItsStatus_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<int>("status");
        for (const auto& [status, codes] : Table) {
            for (const ErrorCode code : codes)
                QTest::newRow(errorCodeName(code)) << code << status;
        }
    }
    void everyCodeHasItsStatus()
    {
        QFETCH(ErrorCode, code);
        QFETCH(int, status);
        const http::Response answer = encodeError(Error(code, QStringLiteral("What\r\nis wrong: ä €")));
        QCOMPARE(answer.status(), status);
        QVERIFY2(status != 429, "never as flow control");
        const QByteArray message = answer.header("X-Error-Message");
        QVERIFY(message.startsWith("What  is wrong: "));
        QVERIFY(!message.contains('\r') && !message.contains('\n'));
        const auto* body = std::get_if<QByteArray>(&answer.body());
        QVERIFY(body);
        QCOMPARE(QJsonDocument::fromJson(*body).object().value(u"error").toString(),
                 QStringLiteral("What\r\nis wrong: ä €"));
    }

    void noCodeIsForgotten()
    {
        std::size_t codes = 0;
        for (const auto& [status, listed] : Table)
            codes += listed.size();
        QCOMPARE(codes, std::size_t(ErrorCode::Internal) + 1);
    }

    void longTextsAreCutInTheHeader()
    {
        const http::Response answer = encodeError(Error(ErrorCode::NotFound, QString(5000, u'x')));
        QCOMPARE(answer.header("X-Error-Message").size(), 1000);
    }
};

QTEST_APPLESS_MAIN(TestCasError)
#include "tst_caserror.moc"
