// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/cutstrand.h"

namespace hublet::store {

CutStrand::CutStrand(BlockStrand::Shared& shared, xet::ChunkSink& sink)
    : m_chunker(sink), m_strand(shared, [this](const QByteArray& block) {
          if (m_failed)
              return;
          if (const auto cut = m_chunker.add(block); !cut) {
              m_failure = cut.error();
              m_failed = true;
          }
      })
{
}

Result<void> CutStrand::add(QByteArray block)
{
    if (m_failed)
        return tl::unexpected<Error>(*m_failure);
    m_strand.add(std::move(block));
    return {};
}

Result<XetHash> CutStrand::finish()
{
    m_strand.finish();
    if (m_failed)
        return tl::unexpected<Error>(*m_failure);
    return m_chunker.finish();
}

} // namespace hublet::store
