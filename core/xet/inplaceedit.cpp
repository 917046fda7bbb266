// SPDX-License-Identifier: Apache-2.0
#include "core/xet/inplaceedit.h"

#include "core/xet/keyedhash.h"
#include "core/xet/xetlimits.h"

namespace hublet::xet {

namespace {

using Window = InPlaceEdit::Window;

tl::unexpected<Error> tooScattered()
{
    return fail(ErrorCode::TooLarge,
                QStringLiteral("The file is in too many pieces to be changed in place: upload it whole."));
}

/// Behind two chunks in a row of such a size a client cuts as before, wherever its chunks ended before them:
/// it can neither have to cut inside the second one for its size, nor miss the end of that one for being too
/// near.
bool bringsBack(const Chunk& chunk)
{
    return chunk.bytes >= 2 * MinChunkBytes && chunk.bytes < MaxChunkBytes - MinChunkBytes;
}

/// Finds the windows around dirty ranges, from the beginning of the file to its end.
class WindowFinder {
public:
    WindowFinder(std::span<const Term> terms, std::span<const ByteRange> dirty, TermChunks& file)
        : m_terms(terms), m_dirty(dirty), m_file(file)
    {
    }

    Result<std::vector<Window>> run()
    {
        std::vector<Window> windows;
        std::size_t term = 0;
        qint64 begin = 0; // of the term
        while (!m_dirty.empty()) {
            while (begin + m_terms[term].bytes <= m_dirty.front().first)
                begin += m_terms[term++].bytes;
            Window window{term, term, begin, begin};
            if (const auto ended = findEnd(window); !ended)
                return forward(ended);
            windows.push_back(window);
            term = window.endTerm;
            begin = window.end;
        }
        return windows;
    }

private:
    /// Takes in term after term, and the dirty ranges that begin in them.
    Result<void> findEnd(Window& window)
    {
        qint64 cleanFrom = 0;
        bool oneBefore = false; // the last clean chunk may be the first of two that bring back
        for (bool back = false; !back && window.endTerm < m_terms.size();) {
            const Term& term = m_terms[window.endTerm++];
            qint64 begin = window.end; // of the chunk
            window.end += term.bytes;
            while (!m_dirty.empty() && m_dirty.front().first < window.end) {
                cleanFrom = m_dirty.front().last + 1;
                m_dirty = m_dirty.subspan(1);
            }
            if (cleanFrom >= window.end) {
                oneBefore = false;
                continue;
            }
            const auto chunks = m_file.chunks(term);
            if (!chunks)
                return forward(chunks);
            for (const Chunk& chunk : *chunks) {
                const bool one = begin >= cleanFrom && bringsBack(chunk);
                back = back || (one && oneBefore);
                oneBefore = one;
                begin += chunk.bytes;
            }
        }
        return {};
    }

    std::span<const Term> m_terms;
    std::span<const ByteRange> m_dirty; ///< those not in a window yet
    TermChunks& m_file;
};

/// Summarizes the terms outside the windows.
class GapWriter {
public:
    GapWriter(InPlaceEdit& edit, TermChunks& file) : m_edit(edit), m_file(file) {}

    Result<void> add(std::span<const Term> terms, bool atStart, bool atEnd)
    {
        MerkleSubtreeBuilder subtree(atStart);
        for (const Term& term : terms) {
            const auto chunks = m_file.chunks(term);
            if (!chunks)
                return forward(chunks);
            for (const Chunk& chunk : *chunks)
                subtree.add(chunk);
            if (m_edit.gapTerms.size() == MaxGapTerms || m_nodes + subtree.kept() > MaxGapNodes)
                return tooScattered();
            m_edit.gapTerms.push_back(rangeHash(*chunks));
        }
        m_nodes += subtree.kept();
        m_edit.gaps.push_back(subtree.finish(atEnd));
        return {};
    }

private:
    InPlaceEdit& m_edit;
    TermChunks& m_file;
    std::size_t m_nodes = 0; ///< of the gaps so far
};

} // namespace

Result<InPlaceEdit> planInPlaceEdit(std::span<const Term> terms, std::span<const ByteRange> dirty,
                                    TermChunks& file)
{
    InPlaceEdit edit;
    for (const Term& term : terms) {
        edit.fileBytes += term.bytes;
        edit.chunks += term.chunkEnd - term.chunkStart;
    }
    Q_ASSERT(!dirty.empty() && dirty.front().first >= 0 && dirty.back().last < edit.fileBytes);
    auto windows = WindowFinder(terms, dirty, file).run();
    if (!windows)
        return forward(windows);
    edit.windows = std::move(*windows);

    GapWriter gaps(edit, file);
    std::size_t from = 0;
    for (const Window& window : edit.windows) {
        if (const auto added = gaps.add(terms.subspan(from, window.firstTerm - from), from == 0, false);
            !added)
            return forward(added);
        from = window.endTerm;
    }
    if (const auto added = gaps.add(terms.subspan(from), false, true); !added)
        return forward(added);
    return edit;
}

} // namespace hublet::xet
