// SPDX-License-Identifier: Apache-2.0
#include "core/api/hub/hubapi.h"
#include "core/api/hub/hubjson.h"
#include "core/service/services.h"

#include <algorithm>
#include <array>

namespace hublet::api {

namespace {

using access::Action;
using catalog::TreeEntry;
using http::Method;

QString fileName(const TreeEntry& file)
{
    return QString::fromUtf8(file.path.name());
}

bool isProjector(const TreeEntry& file)
{
    return fileName(file).startsWith(QLatin1String("mmproj"), Qt::CaseInsensitive);
}

/// The first file whose name holds the quantisation; of a model in several files that is the first part.
const TreeEntry* findQuantisation(const std::vector<TreeEntry>& files, const QString& quantisation)
{
    const auto found = std::find_if(files.begin(), files.end(), [&quantisation](const TreeEntry& file) {
        return !isProjector(file) && fileName(file).contains(quantisation, Qt::CaseInsensitive);
    });
    return found == files.end() ? nullptr : &*found;
}

const TreeEntry* chooseModel(const std::vector<TreeEntry>& files, const QString& tag)
{
    if (tag != QStringLiteral("latest"))
        return findQuantisation(files, tag);
    for (const QString& preferred : {QStringLiteral("Q4_K_M"), QStringLiteral("Q8_0"), QString()}) {
        if (const TreeEntry* file = findQuantisation(files, preferred))
            return file;
    }
    return nullptr;
}

QJsonObject fileObject(const TreeEntry& file)
{
    return {{QStringLiteral("rfilename"), file.path.text()}, {QStringLiteral("size"), file.size}};
}

/// Which GGUF file belongs to a tag such as "Q4_K_M" (hub-api 14).
Outcome manifest(const PackageCall& call)
{
    const service::Browse& browse = call.services().browse();
    const auto head = browse.revision(call.permit(), call.id(), QStringLiteral("main"));
    if (!head)
        return forward(head);
    std::vector<TreeEntry> files; // in git's order, so that first parts come first
    const auto listed = browse.forEachFile(call.permit(), call.id(), *head, [&files](const TreeEntry& file) {
        if (fileName(file).endsWith(QLatin1String(".gguf"), Qt::CaseInsensitive))
            files.push_back(file);
    });
    if (!listed)
        return forward(listed);
    const TreeEntry* model = chooseModel(files, QString::fromUtf8(call.name()));
    if (!model)
        return fail(ErrorCode::EntryNotFound, QStringLiteral("There is no GGUF file for this tag"));
    QJsonObject answer{{QStringLiteral("ggufFile"), fileObject(*model)}};
    const auto projector = std::find_if(files.begin(), files.end(), isProjector);
    if (projector != files.end())
        answer.insert(QStringLiteral("mmprojFile"), fileObject(*projector));
    return jsonResponse(200, answer);
}

} // namespace

void addManifestRoutes(Routes& routes)
{
    routes.waiting(Method::Get, "/v2/{id}/manifests/{name}", needs::Package{Action::Read}, manifest);
}

} // namespace hublet::api
