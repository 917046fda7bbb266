// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/writing/commitwriter.h"

#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/commitmaker.h"

#include <algorithm>

namespace hublet::catalog {

namespace {

/// Plans made anew because of competing commits, before giving up.
constexpr int MaxAttempts = 10;

Result<store::StagedContent> stage(store::ContentWriter& writer, const QByteArray& bytes)
{
    if (const auto begun = writer.begin(bytes.size()); !begun)
        return forward(begun);
    if (const auto appended = writer.append(bytes); !appended)
        return forward(appended);
    return writer.end();
}

} // namespace

bool AddFile::keepsText(const RepoPath& path)
{
    const QByteArray name = path.name();
    return name == "README.md" || name == ".gitattributes" || name == ".gitignore";
}

CommitWriter::CommitWriter(Catalog& catalog, store::ContentStore& store, const Clock& clock)
    : m_catalog(catalog), m_store(store), m_clock(clock)
{
}

Result<CommitResult> CommitWriter::commit(const CommitRequest& request, store::ContentWriter* staged,
                                          store::StorageForm form)
{
    for (int attempt = 1; attempt <= MaxAttempts; ++attempt) {
        const auto plan = CommitPlan::make(m_catalog, request);
        if (!plan)
            return forward(plan);
        // Contents of the request are published once; a .gitattributes made later needs a writer of its own.
        const bool first = attempt == 1;
        std::optional<store::ContentWriter> own;
        std::optional<store::StagedContent> attributes;
        if (plan->newAttributes) {
            if (!first || !staged)
                own.emplace(m_store.writer(form));
            const auto content = stage(own ? *own : *staged, *plan->newAttributes);
            if (!content)
                return forward(content);
            attributes = *content;
        }
        for (store::ContentWriter* writer : {first ? staged : nullptr, own ? &*own : nullptr}) {
            if (!writer)
                continue;
            if (const auto published = writer->publish(); !published)
                return forward(published);
        }
        bool stale = false;
        std::optional<qint64> counted; // the repository whose total has the commit in it
        auto result = m_catalog.write([&](db::Transaction& transaction) -> Result<CommitResult> {
            for (store::ContentWriter* writer : {staged, own ? &*own : nullptr}) {
                if (!writer)
                    continue;
                if (const auto recorded = writer->record(transaction); !recorded)
                    return forward(recorded);
            }
            CommitMaker maker(transaction, m_catalog.treeReader(), request, *plan, m_catalog.heldTotals(),
                              m_clock.nowMs());
            auto made = maker.run(attributes);
            stale = maker.planIsStale();
            counted = maker.countedIn();
            if (!made && counted)
                m_catalog.heldTotals().forget(*counted); // before the next write counts on it
            return made;
        });
        if (!result && counted) // the end of the transaction may have failed, too
            m_catalog.heldTotals().forget(*counted);
        if (!stale)
            return result;
    }
    return fail(ErrorCode::Busy, QStringLiteral("Too many commits at once change .gitattributes; try again"));
}

} // namespace hublet::catalog
