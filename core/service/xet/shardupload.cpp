// SPDX-License-Identifier: Apache-2.0
#include "core/service/xet/shardupload.h"

#include "core/catalog/writing/claimwriter.h"
#include "core/service/context/datafolder.h"
#include "core/service/context/servicecontext.h"
#include "core/service/context/storestate.h"
#include "core/store/contentstore.h"
#include "core/store/files/fileio.h"
#include "core/store/xetstore.h"
#include "core/xet/shardreader.h"
#include "core/xet/xetlimits.h"

#include <QFile>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace hublet::service {

namespace {

tl::unexpected<Error> ioFailure(int problem)
{
    return fail(
        problem == ENOSPC ? ErrorCode::NoSpace : ErrorCode::Io,
        QStringLiteral("Cannot receive the shard: %1").arg(QString::fromLocal8Bit(std::strerror(problem))));
}

Result<UniqueFd> namelessFile(const QString& folder)
{
    QByteArray path = QFile::encodeName(folder) + "/shard-XXXXXX";
    UniqueFd file(::mkostemp(path.data(), O_CLOEXEC));
    if (!file.isValid() || ::unlink(path.constData()) != 0)
        return ioFailure(errno);
    return file;
}

} // namespace

Result<std::unique_ptr<ShardUpload>> ShardUpload::begin(const ServiceContext& context,
                                                        catalog::Claimant claimant)
{
    auto file = namelessFile(context.dataFolder.path());
    if (!file)
        return forward(file);
    return std::unique_ptr<ShardUpload>(new ShardUpload(context, std::move(claimant), std::move(*file)));
}

ShardUpload::~ShardUpload()
{
    if (m_mapping)
        ::munmap(m_mapping, std::size_t(m_size));
}

Result<void> ShardUpload::append(QByteArrayView bytes)
{
    if (m_size + bytes.size() > xet::MaxShardBodyBytes)
        return fail(ErrorCode::TooLarge,
                    QStringLiteral("A shard has at most %1 bytes").arg(xet::MaxShardBodyBytes));
    if (const auto written = store::writeAt(m_file.get(), m_size, bytes); !written)
        return written;
    m_size += bytes.size();
    return {};
}

Result<void> ShardUpload::check()
{
    if (m_size == 0)
        return fail(ErrorCode::Malformed, QStringLiteral("The shard is empty"));
    void* const mapping = ::mmap(nullptr, std::size_t(m_size), PROT_READ, MAP_PRIVATE, m_file.get(), 0);
    if (mapping == MAP_FAILED)
        return ioFailure(errno);
    m_mapping = mapping;
    const auto shard = xet::ShardReader::open(body());
    return shard ? Result<void>() : forward(shard);
}

Result<bool> ShardUpload::registerFiles(const ProgressFunction& progress, const CancelToken& cancel)
{
    const auto claim = [this](db::Transaction& transaction,
                              const std::vector<store::RegisteredFile>& files) -> Result<void> {
        for (const store::RegisteredFile& file : files) {
            const auto claimed = m_context.claimWriter.claimIn(transaction, m_claimant, file.sha256);
            if (!claimed)
                return claimed;
        }
        return {};
    };
    const auto outcome = m_context.store.xet().registerShard(body(), claim, progress, cancel);
    if (!outcome) {
        reportStoreState(m_context);
        return forward(outcome);
    }
    return outcome->changedAnything();
}

} // namespace hublet::service
