// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/huberror.h"

#include <QJsonDocument>
#include <QTest>

using namespace hublet;
using namespace hublet::api;

namespace {

QByteArray bodyOf(const http::Response& response)
{
    return std::get<QByteArray>(response.body());
}

QString errorOf(const http::Response& response)
{
    return QJsonDocument::fromJson(bodyOf(response)).object().value(u"error").toString();
}

ErrorScene knownCaller()
{
    ErrorScene scene;
    scene.anonymous = false;
    return scene;
}

} // namespace

class TestHubError : public QObject {
    Q_OBJECT

private slots:
    void maps_data()
    {
        QTest::addColumn<ErrorCode>("code");
        QTest::addColumn<bool>("anonymous");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("errorCode");
        QTest::addColumn<QString>("message"); ///< empty: the error's own
        const auto row = [](ErrorCode code, bool anonymous, int status, const char* errorCode,
                            const char* message) {
            QTest::addRow("%s%s", errorCodeName(code), anonymous ? " anonymous" : "")
                << code << anonymous << status << QByteArray(errorCode) << QString::fromLatin1(message);
        };
        row(ErrorCode::RepositoryNotFound, true, 401, "RepoNotFound", "Repository not found");
        row(ErrorCode::RepositoryNotFound, false, 404, "RepoNotFound", "Repository not found");
        row(ErrorCode::PackageNotFound, true, 401, "RepoNotFound", "Repository not found");
        row(ErrorCode::PackageNotFound, false, 404, "RepoNotFound", "Repository not found");
        row(ErrorCode::RevisionNotFound, true, 404, "RevisionNotFound", "");
        row(ErrorCode::EntryNotFound, false, 404, "EntryNotFound", "");
        row(ErrorCode::NotFound, false, 404, "", "");
        row(ErrorCode::Unauthenticated, true, 401, "", "Invalid username or password.");
        row(ErrorCode::BadCredentials, true, 401, "", "Invalid credentials in Authorization header");
        row(ErrorCode::Forbidden, false, 403, "", "");
        row(ErrorCode::Gated, true, 401, "GatedRepo",
            "Access to model acme/bert is restricted. You must have access to it and be authenticated to "
            "access it. "
            "Please log in.");
        row(ErrorCode::Gated, false, 403, "GatedRepo",
            "Access to model acme/bert is restricted and you are not in the authorized list. Ask its owner "
            "for access.");
        row(ErrorCode::Blocked, false, 403, "GatedRepo", "");
        row(ErrorCode::InvalidArgument, false, 400, "", "");
        row(ErrorCode::InvalidName, false, 400, "", "");
        row(ErrorCode::InvalidRevision, false, 400, "", "");
        row(ErrorCode::InvalidHash, false, 400, "", "");
        row(ErrorCode::Malformed, false, 400, "", "");
        row(ErrorCode::Unsupported, false, 400, "", "");
        row(ErrorCode::InvalidPath, false, 422, "", "");
        row(ErrorCode::ContentMissing, false, 422, "", "");
        row(ErrorCode::LengthMismatch, false, 422, "", "");
        row(ErrorCode::DigestMismatch, false, 422, "", "");
        row(ErrorCode::AlreadyExists, false, 409, "", "");
        row(ErrorCode::Conflict, false, 409, "", "");
        row(ErrorCode::ParentMoved, false, 412, "",
            "The branch was updated since you opened this page. Please refresh and try again. (A commit has "
            "happened "
            "since. Please refresh and try again.)");
        row(ErrorCode::TooLarge, false, 413, "", "");
        row(ErrorCode::RangeNotSatisfiable, false, 416, "", "");
        row(ErrorCode::QuotaExceeded, false, 507, "", "");
        row(ErrorCode::NoSpace, false, 507, "", "");
        row(ErrorCode::ReadOnly, false, 507, "", "");
        row(ErrorCode::Busy, false, 503, "", "");
        row(ErrorCode::TimedOut, false, 504, "", "");
        row(ErrorCode::Internal, false, 500, "", "Internal error: What went wrong");
        row(ErrorCode::Database, false, 500, "", "Internal error: What went wrong");
        row(ErrorCode::Corrupt, false, 500, "", "Internal error: What went wrong");
    }
    void maps()
    {
        QFETCH(ErrorCode, code);
        QFETCH(bool, anonymous);
        QFETCH(int, status);
        QFETCH(QByteArray, errorCode);
        QFETCH(QString, message);
        const QString detail = QStringLiteral("What went wrong");
        const ErrorScene scene{anonymous, *PackageId::parse(PackageType::Model, u"acme/bert"), false};
        const http::Response response = encodeHubError(Error(code, detail), scene);
        QCOMPARE(response.status(), status);
        QCOMPARE(response.header("X-Error-Code"), errorCode);
        QCOMPARE(errorOf(response), message.isEmpty() ? detail : message);
        QCOMPARE(QString::fromLatin1(response.header("X-Error-Message")), errorOf(response));
        QCOMPARE(response.header("Content-Type"), "application/json; charset=utf-8");
    }

    void hiddenAndAbsentAreTheSameBytes()
    {
        const auto absent =
            encodeHubError(Error(ErrorCode::PackageNotFound, QStringLiteral("absent")), knownCaller());
        const auto hidden =
            encodeHubError(Error(ErrorCode::RepositoryNotFound, QStringLiteral("hidden")), knownCaller());
        QCOMPARE(bodyOf(absent), bodyOf(hidden));
        QCOMPARE(absent.status(), hidden.status());
        QCOMPARE(absent.header("X-Error-Message"), hidden.header("X-Error-Message"));
    }

    void disabledHasItsExactTextAndNoCode()
    {
        const QString text = QStringLiteral("Access to this resource is disabled.");
        const auto response = encodeHubError(Error(ErrorCode::Blocked, text), knownCaller());
        QCOMPARE(response.status(), 403);
        QCOMPARE(response.header("X-Error-Code"), QByteArray());
        QCOMPARE(response.header("X-Error-Message"), text.toLatin1());
    }

    void headerIsOneLineOfLatin1()
    {
        const QString text = QStringLiteral("first\r\nX-Evil: 1 \u00e9 \u4e2d") + QString(2000, u'x');
        const auto response = encodeHubError(Error(ErrorCode::Forbidden, text), knownCaller());
        const QByteArray header = response.header("X-Error-Message");
        QVERIFY(header.startsWith("first  X-Evil: 1 \xe9 ?x"));
        QCOMPARE(header.size(), 1000);
        QCOMPARE(errorOf(response), text);
    }

    void challengesOnlyWhereTheRouteSaysSo()
    {
        ErrorScene scene;
        const Error error(ErrorCode::Unauthenticated, QString());
        QCOMPARE(encodeHubError(error, scene).header("WWW-Authenticate"), QByteArray());
        scene.challenge = true;
        QVERIFY(encodeHubError(error, scene).header("WWW-Authenticate").startsWith("Basic "));
        QCOMPARE(encodeHubError(Error(ErrorCode::Forbidden, QString()), scene).header("WWW-Authenticate"),
                 QByteArray());
    }

    void busyTellsWhenToComeBack()
    {
        const auto response = encodeHubError(Error(ErrorCode::Busy, QStringLiteral("x")), knownCaller());
        QVERIFY(response.header("Retry-After").toInt() > 0);
    }
};

QTEST_APPLESS_MAIN(TestHubError)
#include "tst_huberror.moc"
