// SPDX-License-Identifier: Apache-2.0
// A path on the first line, the text of a .gitattributes or .gitignore file behind it.
#include "core/catalog/formats/gitattributes.h"
#include "core/catalog/formats/gitignore.h"

#include <cstdint>
#include <cstdlib>

using namespace hublet;
using namespace hublet::catalog;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const QByteArrayView input(reinterpret_cast<const char*>(data), qsizetype(size));
    const qsizetype end = input.indexOf('\n');
    const auto path = RepoPath::parse(end < 0 ? input : input.first(end));
    const QByteArrayView text = end < 0 ? QByteArrayView() : input.sliced(end + 1);
    const GitAttributes attributes = GitAttributes::parse(text);
    const GitIgnore ignore = GitIgnore::parse(text);
    if (!path)
        return 0;
    MatchBudget budget;
    (void)attributes.lfs(*path, budget);
    (void)ignore.ignores(*path, budget);
    // The line that the catalog writes for a file must cover that file, whatever stands before it.
    const QByteArray line = GitAttributes::lineFor(*path);
    if (!line.isEmpty() &&
        GitAttributes::parse(text.toByteArray() + '\n' + line).lfs(*path, budget) != GitAttributes::Lfs::Yes)
        std::abort();
    return 0;
}
