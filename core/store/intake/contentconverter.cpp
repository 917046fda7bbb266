// SPDX-License-Identifier: Apache-2.0
#include "core/store/intake/contentconverter.h"

#include "core/store/files/fileio.h"

#include <QLoggingCategory>

#include <algorithm>

Q_DECLARE_LOGGING_CATEGORY(storeLog)

namespace hublet::store {

namespace {

/// A group is committed when it has grown to this: small contents share their new files and a transaction.
constexpr qint64 GroupBytes = 64LL << 20;
constexpr qint64 StepBytes = 8LL << 20; ///< read between two looks at the cancel token

} // namespace

Result<ConversionReport> ContentConverter::run(const std::vector<Sha256>& contents)
{
    std::size_t next = 0;
    while (next < contents.size()) {
        const qint64 skipped = m_report.skipped;
        auto end = convertGroup(contents, next);
        if (!end &&
            end.error().code() == ErrorCode::Conflict) { // it shared what verify has just found damaged
            m_report.skipped = skipped;
            end = convertGroup(contents, next);
        }
        if (!end)
            return forward(end);
        next = *end;
    }
    return m_report;
}

/// The first content behind the group.
Result<std::size_t> ContentConverter::convertGroup(const std::vector<Sha256>& contents, std::size_t first)
{
    ContentWriter writer(m_context, m_form, true);
    ConversionReport group;
    m_groupBytes = 0;
    std::size_t next = first;
    while (next < contents.size() && m_groupBytes < GroupBytes) {
        const qint64 before = m_groupBytes;
        const auto copied = copy(contents[next++], writer);
        if (!copied)
            return forward(copied);
        if (*copied) {
            ++group.contents;
            group.bytes += m_groupBytes - before;
        }
    }
    if (group.contents == 0)
        return next;
    if (const auto published = writer.publish(); !published)
        return forward(published);
    const auto recorded =
        m_context.database.write([&](db::Transaction& transaction) { return writer.record(transaction); });
    if (!recorded)
        return forward(recorded);
    m_report.contents += group.contents;
    m_report.bytes += group.bytes;
    return next;
}

Result<bool> ContentConverter::copy(const Sha256& content, ContentWriter& writer)
{
    const auto row = m_context.find(content);
    if (!row)
        return forward(row);
    if (!*row || (*row)->isSegmented() == (m_form == StorageForm::Segments))
        return false;
    const auto extents = m_context.extentsOf(**row);
    if (!extents)
        return skip(content);
    if (const auto begun = writer.begin((*row)->size); !begun)
        return forward(begun);
    for (const Extent& extent : *extents) {
        const auto isRead = copy(extent, writer);
        if (!isRead)
            return forward(isRead);
        if (!*isRead)
            return skip(content);
    }
    const auto staged = writer.end(content);
    if (!staged)
        return staged.error().code() == ErrorCode::DigestMismatch ? Result<bool>(skip(content))
                                                                  : forward(staged);
    m_groupBytes += (*row)->size;
    return true;
}

Result<bool> ContentConverter::copy(const Extent& extent, ContentWriter& writer)
{
    for (qint64 done = 0; done < extent.length; done += StepBytes) {
        if (m_cancel.isCancelled()) {
            writer.discard();
            return fail(ErrorCode::Cancelled, QStringLiteral("The conversion was cancelled"));
        }
        const qint64 step = std::min(StepBytes, extent.length - done);
        Result<void> appended;
        const auto read =
            readBlocks(extent.file->get(), extent.offset + done, step, [&](QByteArrayView block) {
                if (appended)
                    appended = writer.append(block);
            });
        if (!appended)
            return forward(appended);
        if (!read) {
            writer.discard();
            return false;
        }
        m_readBytes += step;
        if (m_progress)
            m_progress(m_readBytes, 0);
    }
    return true;
}

/// It stays as it is: verify() names it.
bool ContentConverter::skip(const Sha256& content)
{
    qCWarning(storeLog, "content %s is damaged and is not converted", content.toHex().constData());
    ++m_report.skipped;
    return false;
}

} // namespace hublet::store
