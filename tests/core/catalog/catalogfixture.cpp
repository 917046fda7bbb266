// SPDX-License-Identifier: Apache-2.0
#include "tests/core/catalog/catalogfixture.h"

namespace hublet::test {

using namespace hublet::catalog;

CatalogFixture::CatalogFixture()
{
    store::StoreOptions options;
    options.folder = database.path(QStringLiteral("store"));
    options.keepFreeBytes = 0;
    options.keepFreeRatio = 0;
    store = must(store::ContentStore::open(options, *database, clock));
    repository = must(repositories.create(RepositoryKey::parse(u"hf-local").value(), RepositoryClass::Local,
                                          Layout::MachineLearning, {}));
}

RepoPath CatalogFixture::path(const QByteArray& text)
{
    return must(RepoPath::parse(text));
}

PackageId CatalogFixture::id(const QString& text, PackageType type)
{
    return must(PackageId::parse(type, text));
}

AddFile CatalogFixture::file(store::ContentWriter& writer, const QByteArray& name, const QByteArray& bytes,
                             StoreAs storeAs)
{
    must(writer.begin(bytes.size()));
    must(writer.append(bytes));
    AddFile file{path(name), must(writer.end()), storeAs, std::nullopt};
    if (AddFile::keepsText(file.path))
        file.text = bytes;
    return file;
}

CommitRequest CatalogFixture::request(const Package& package, const QString& title)
{
    CommitRequest request;
    request.package = package.rowId;
    request.ref = QStringLiteral("refs/heads/main");
    request.author = {QStringLiteral("alice"), QStringLiteral("alice@example.org")};
    request.title = title;
    return request;
}

Result<CommitResult> CatalogFixture::commit(CommitRequest request, const std::vector<Bytes>& files)
{
    clock.advance(1000);
    store::ContentWriter writer = store->writer();
    for (const Bytes& bytes : files)
        request.operations.push_back(file(writer, bytes.path, bytes.bytes));
    return CommitWriter(catalog, *store, clock).commit(request, &writer);
}

Commit CatalogFixture::add(const Package& package, const std::vector<Bytes>& files, const QString& title)
{
    return must(commit(request(package, title), files)).commit;
}

Commit CatalogFixture::change(const Package& package, std::vector<Operation> operations, const QString& title)
{
    CommitRequest asked = request(package, title);
    asked.operations = std::move(operations);
    return must(commit(asked, {})).commit;
}

Package CatalogFixture::createPackage(const QString& name, PackageType type)
{
    clock.advance(1000);
    const NewPackage fresh{repository->id,
                           id(name, type),
                           false,
                           {QStringLiteral("alice"), QStringLiteral("alice@example.org")}};
    return must(PackageWriter(catalog, *store, clock).create(fresh, {}, nullptr));
}

QByteArrayList CatalogFixture::filesAt(const Package& package, const GitOid& commit) const
{
    QByteArrayList files;
    must(catalog.forEachFile(package.rowId, commit, RepoPath(), [&](const TreeEntry& entry) {
        files += entry.path.bytes();
        return true;
    }));
    return files;
}

QByteArray CatalogFixture::bytesOf(const TreeEntry& entry) const
{
    return must(store->readAll(entry.content, entry.size));
}

} // namespace hublet::test
