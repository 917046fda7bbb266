// SPDX-License-Identifier: Apache-2.0
#include "core/store/files/hashstrand.h"

namespace hublet::store {

HashStrand::HashStrand(BlockStrand::Shared& shared, std::optional<qint64> gitSize)
    : m_strand(shared, [this](const QByteArray& block) {
          m_sha256.add(block);
          if (m_sha1)
              m_sha1->add(block);
      })
{
    if (gitSize)
        m_sha1 = gitBlobHasher(*gitSize);
}

HashStrand::Digests HashStrand::finish()
{
    m_strand.finish();
    Digests digests{m_sha256.finish(), std::nullopt};
    if (m_sha1)
        digests.blobOid = m_sha1->finish();
    return digests;
}

} // namespace hublet::store
