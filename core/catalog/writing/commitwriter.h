// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"
#include "core/catalog/model/commitrequest.h"
#include "core/store/contentstore.h"

namespace hublet::catalog {

class Catalog;

/// Makes commits: the second half of the write path of reliability 1.2, from publishing the staged content to
/// moving the ref, which is the last row written. Thread-safe; blocks until the commit is durable (never on
/// the GUI thread or an HTTP pool thread). Competing commits to one ref are made one after another.
class CommitWriter {
public:
    CommitWriter(Catalog& catalog, store::ContentStore& store, const Clock& clock);

    /// `staged` holds the ended contents of this request, not published yet: publishing and recording happens
    /// here. May be null when the request only names content that is stored already.
    ///
    /// LFS files that .gitattributes does not cover are added to it, so that git clones work. It is stored in
    /// `form` where it does not come with `staged`.
    ///
    /// Errors, none of which leaves a trace: ParentMoved (with the text clients look for), RevisionNotFound
    /// (`ref` is unknown and createRef is off), EntryNotFound (nothing to delete, copy or rename), Conflict
    /// (a file where a folder is; a release that may not be overwritten), ContentMissing, LengthMismatch,
    /// InvalidPath, InvalidRevision, PackageNotFound, QuotaExceeded (what the repository would hold with it
    /// is counted in the transaction), and those of ContentWriter::publish().
    [[nodiscard]] Result<CommitResult> commit(const CommitRequest& request, store::ContentWriter* staged,
                                              store::StorageForm form = store::StorageForm::Whole);

private:
    Catalog& m_catalog;
    store::ContentStore& m_store;
    const Clock& m_clock;
};

} // namespace hublet::catalog
