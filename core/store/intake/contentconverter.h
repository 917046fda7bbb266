// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/cancel.h"
#include "core/store/context/storecontext.h"
#include "core/store/context/storereports.h"
#include "core/store/intake/contentwriter.h"

namespace hublet::store {

/// One run of ContentStore::convert: stores contents once more in another form, a group at a time, and
/// removes where they were. Used once, by one thread.
class ContentConverter {
public:
    ContentConverter(StoreContext& context, StorageForm form, const ProgressFunction& progress,
                     const CancelToken& cancel)
        : m_context(context), m_form(form), m_progress(progress), m_cancel(cancel)
    {
    }

    [[nodiscard]] Result<ConversionReport> run(const std::vector<Sha256>& contents);

private:
    [[nodiscard]] Result<std::size_t> convertGroup(const std::vector<Sha256>& contents, std::size_t first);
    /// Takes the content into the upload; false when there is nothing to do.
    [[nodiscard]] Result<bool> copy(const Sha256& content, ContentWriter& writer);
    /// False when the extent cannot be read.
    [[nodiscard]] Result<bool> copy(const Extent& extent, ContentWriter& writer);
    [[nodiscard]] bool skip(const Sha256& content);

    StoreContext& m_context;
    const StorageForm m_form;
    const ProgressFunction& m_progress;
    const CancelToken& m_cancel;
    qint64 m_groupBytes = 0;
    qint64 m_readBytes = 0;
    ConversionReport m_report;
};

} // namespace hublet::store
