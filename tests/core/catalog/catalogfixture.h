// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/catalog/reading/catalog.h"
#include "core/catalog/writing/commitwriter.h"
#include "core/catalog/writing/packagewriter.h"
#include "core/catalog/writing/repositorywriter.h"
#include "tests/core/catalog/testdatabase.h"
#include "tests/support/fakeclock.h"

#include <initializer_list>

namespace hublet::test {

/// A catalogue with a content store and one repository, in a temporary folder. Failures of what is not under
/// test end the program with a message.
class CatalogFixture {
public:
    CatalogFixture();

    [[nodiscard]] static RepoPath path(const QByteArray& text);
    [[nodiscard]] static PackageId id(const QString& text, PackageType type = PackageType::Model);

    /// Stages `bytes` in `writer`; text is kept where the catalog wants it.
    [[nodiscard]] static catalog::AddFile file(store::ContentWriter& writer, const QByteArray& path,
                                               const QByteArray& bytes,
                                               catalog::StoreAs storeAs = catalog::StoreAs::Auto);
    /// A request to main by alice, titled `title`.
    [[nodiscard]] static catalog::CommitRequest request(const catalog::Package& package,
                                                        const QString& title = QStringLiteral("commit"));

    struct Bytes {
        QByteArray path;
        QByteArray bytes;
    };
    /// Completes `request` with files and commits it, one second after whatever was before.
    [[nodiscard]] Result<catalog::CommitResult> commit(catalog::CommitRequest request,
                                                       const std::vector<Bytes>& files);
    /// As above on main, successful.
    catalog::Commit add(const catalog::Package& package, const std::vector<Bytes>& files,
                        const QString& title = QStringLiteral("commit"));
    /// Commits operations without content on main, successfully.
    catalog::Commit change(const catalog::Package& package, std::vector<catalog::Operation> operations,
                           const QString& title = QStringLiteral("commit"));
    catalog::Package createPackage(const QString& name, PackageType type = PackageType::Model);
    [[nodiscard]] QByteArrayList filesAt(const catalog::Package& package, const GitOid& commit) const;
    [[nodiscard]] QByteArray bytesOf(const catalog::TreeEntry& entry) const;

    TestDatabase database;
    FakeClock clock;
    std::unique_ptr<store::ContentStore> store;
    catalog::Catalog catalog{*database};
    catalog::RepositoryWriter repositories{catalog, clock};
    std::optional<catalog::Repository> repository;
};

[[nodiscard]] inline RepoPath path(const QByteArray& text)
{
    return CatalogFixture::path(text);
}

/// Internal when there is no error.
template <typename T>
[[nodiscard]] ErrorCode codeOf(const Result<T>& result)
{
    return result ? ErrorCode::Internal : result.error().code();
}

/// The value of a Result, or the end of the program with a message.
template <typename T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().describe()));
    if constexpr (!std::is_void_v<T>)
        return std::move(*result);
}

} // namespace hublet::test
