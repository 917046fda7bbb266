// SPDX-License-Identifier: Apache-2.0
#include "core/catalog/tables/packagerow.h"

#include <QJsonDocument>

namespace hublet::catalog::queries {

namespace {

Gating gatingFromName(const QString& name)
{
    for (const Gating gating : {Gating::Automatic, Gating::Manual}) {
        if (name == gatingName(gating))
            return gating;
    }
    return Gating::Open;
}

} // namespace

qsizetype cardSize(const db::Query& query)
{
    return query.text(16).size();
}

QString gatingName(Gating gating)
{
    switch (gating) {
    case Gating::Open:
        return QStringLiteral("open");
    case Gating::Automatic:
        return QStringLiteral("auto");
    case Gating::Manual:
        return QStringLiteral("manual");
    }
    return {};
}

Result<Package> readPackage(const db::Query& query)
{
    const auto key = RepositoryKey::parse(query.text(2));
    const auto type = packageTypeFromName(query.text(3));
    const auto id = PackageId::parse(type.value_or(PackageType::Model), query.text(4));
    if (!key || !type || !id)
        return fail(ErrorCode::Corrupt, QStringLiteral("Package %1 cannot be read").arg(query.integer(0)));
    CardFacts card;
    card.data = QJsonDocument::fromJson(query.text(16).toUtf8()).object();
    card.tags = query.text(17).split(u'\n', Qt::SkipEmptyParts);
    card.pipelineTag = query.text(18);
    card.libraryName = query.text(19);
    return Package{query.integer(0),
                   query.integer(1),
                   *key,
                   *id,
                   query.text(5).toLatin1(),
                   query.flag(6),
                   gatingFromName(query.text(7)),
                   query.flag(8),
                   query.text(9),
                   query.integer(10),
                   query.integer(11),
                   query.digest<GitOid>(12),
                   query.integer(13),
                   query.integer(14),
                   query.integer(15),
                   std::move(card)};
}

} // namespace hublet::catalog::queries
