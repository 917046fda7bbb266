// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/byterange.h"
#include "core/base/result.h"
#include "core/xet/chunk.h"
#include "core/xet/merklesubtree.h"

#include <optional>
#include <span>
#include <vector>

namespace hublet::xet {

/// What a client must know of a stored file to change parts of it without reading the rest (xet.md 6.9).
/// It cuts the new content of each window by itself, names the terms outside as they are, and puts the new
/// file's hash together from its own chunks and the gaps' subtrees.
struct InPlaceEdit {
    /// A run of whole terms that must be cut anew.
    struct Window {
        std::size_t firstTerm = 0;
        std::size_t endTerm = 0; ///< exclusive
        qint64 begin = 0;        ///< bytes from the beginning of the file
        qint64 end = 0;          ///< exclusive
        bool operator==(const Window&) const = default;
    };

    qint64 fileBytes = 0;
    qint64 chunks = 0;           ///< of the whole file
    std::vector<Window> windows; ///< ascending, not overlapping
    /// What lies before, between and behind the windows, one more than these; nothing where nothing is.
    std::vector<std::optional<MerkleSubtree>> gaps;
    /// rangeHash() of each term in the gaps, in file order: proves to whoever takes the new file in that the
    /// client may name these terms.
    std::vector<XetHash> gapTerms;
};

/// The chunks of stored files.
class TermChunks {
public:
    virtual ~TermChunks() = default;
    /// Those of a term, as many as it says. Valid until the next call.
    [[nodiscard]] virtual Result<std::span<const Chunk>> chunks(const Term& term) = 0;
};

/// Plans a change of the `dirty` bytes (as parseDirtyRanges() gives them) of a file of these terms. For an
/// insertion the byte behind it is dirty, for an append the file's last byte.
///
/// A window begins with the term of its first dirty byte and ends with a term, as clients replace whole
/// terms: with the first one in which, or before which, the chunks of the changed file are sure to end where
/// the stored ones do (xet.md 2.3), else with the file. So the new file has the hash that it has when it is
/// cut from its beginning. Of clients that cut by the older rule (xet.md 2.2) it mostly has: what they put
/// together is right in any case, as their last chunk of a window ends with it.
///
/// Asks for the chunks of all terms but those that are dirty as a whole. Memory: MaxGapTerms, MaxGapNodes.
/// Errors: TooLarge when these do not suffice; those of `file`.
[[nodiscard]] Result<InPlaceEdit> planInPlaceEdit(std::span<const Term> terms,
                                                  std::span<const ByteRange> dirty, TermChunks& file);

} // namespace hublet::xet
