// SPDX-License-Identifier: Apache-2.0
#include "core/service/disk/disktransfers.h"

#include "core/base/hasher.h"
#include "core/base/random.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/transfers.h"
#include "core/service/disk/foldersaver.h"
#include "core/service/disk/uploadplanner.h"
#include "core/service/packages/browse.h"
#include "core/service/uploads/uploads.h"

#include <QFile>

namespace hublet::service {

namespace {

using Change = PlannedFile::Change;

constexpr qint64 PieceBytes = 1 << 20;

QString clientName()
{
    return QStringLiteral("Hublet window");
}

tl::unexpected<Error> uploadCancelled()
{
    return fail(ErrorCode::Cancelled, QStringLiteral("The upload was cancelled"));
}

tl::unexpected<Error> unreadable(const PlannedFile& file)
{
    return fail(ErrorCode::Io, QStringLiteral("%1 cannot be read").arg(file.shown));
}

Result<void> sendFile(CommitSession& session, const PlannedFile& planned, const CancelToken& cancel,
                      const std::function<void(qint64)>& moved)
{
    QFile file(planned.source);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return unreadable(planned);
    if (const auto begun = session.beginFile(); !begun)
        return begun;
    QByteArray piece(PieceBytes, Qt::Uninitialized);
    for (;;) {
        if (cancel.isCancelled())
            return uploadCancelled();
        const qint64 count = file.read(piece.data(), piece.size());
        if (count < 0)
            return unreadable(planned);
        if (count == 0)
            return session.endFile(planned.path, std::nullopt);
        if (const auto appended = session.append(QByteArrayView(piece).first(count)); !appended)
            return appended;
        moved(count);
    }
}

} // namespace

DiskTransfers::DiskTransfers(const ServiceContext& context, const Browse& browse, Uploads& uploads)
    : m_context(context), m_browse(browse), m_uploads(uploads)
{
}

Result<UploadPlan> DiskTransfers::plan(const access::Permit& permit, const UploadRequest& request,
                                       const CancelToken& cancel) const
{
    // Asks whether the package and revision take an upload at all.
    if (const auto allowed = m_uploads.preupload(permit, request.id, request.revision, {}); !allowed)
        return forward(allowed);
    return UploadPlanner(m_browse, permit, request, cancel).make();
}

Result<catalog::Commit> DiskTransfers::upload(const access::Permit& permit, const UploadPlan& plan,
                                              const QString& message, const CancelToken& cancel,
                                              const ProgressFunction& progress) const
{
    CommitOptions options;
    options.client = clientName();
    options.totalBytes = plan.bytesToUpload();
    auto session = m_uploads.commit(permit, plan.request.id, plan.request.revision, options);
    if (!session)
        return forward(session);
    if (const auto begun = (*session)->header({message, {}, {}}); !begun)
        return forward(begun);
    qint64 done = 0;
    bool any = false;
    for (const PlannedFile& file : plan.files) {
        if (file.change != Change::New && file.change != Change::Changed)
            continue;
        const auto sent = sendFile(**session, file, cancel, [&](qint64 bytes) {
            done += bytes;
            progress(done, options.totalBytes);
        });
        if (!sent)
            return forward(sent);
        any = true;
    }
    if (!any)
        return fail(ErrorCode::InvalidArgument, QStringLiteral("There is nothing new to upload"));
    if (cancel.isCancelled())
        return uploadCancelled();
    // An upload from here is never sent twice, so its digest only has to be like no other.
    auto outcome = (*session)->finish(Sha256Hasher::hash(randomBytes(32)));
    if (!outcome)
        return forward(outcome);
    return std::move(outcome->commit);
}

Result<qint64> DiskTransfers::save(const access::Permit& permit, const PackageId& id,
                                   const catalog::Revision& revision, const RepoPath& path,
                                   const QString& target, const CancelToken& cancel,
                                   const ProgressFunction& progress) const
{
    const auto package = m_browse.package(permit, id);
    if (!package)
        return forward(package);
    if (const auto open = m_browse.checkGate(permit, *package); !open)
        return forward(open);

    TransferInfo info;
    info.direction = TransferDirection::Download;
    info.principal = permit.principal().name;
    info.client = clientName();
    info.repository = permit.repository().text();
    info.package = id.artifactPath();
    info.revision = revision.asked;
    info.file = path.text();
    const auto transfer = m_context.transfers.start(std::move(info));

    FolderSaver saver(m_browse, cancel, [&](qint64 done, qint64 total) {
        transfer->setTotal(total);
        transfer->setDone(done);
        progress(done, total);
    });
    auto saved = saver.save(permit, id, revision, path, target);
    if (!saved)
        transfer->fail(saved.error().detail());
    return saved;
}

} // namespace hublet::service
