// SPDX-License-Identifier: Apache-2.0
#include "core/api/gate/routetemplate.h"

#include <algorithm>
#include <array>

namespace hublet::api {

namespace {

constexpr QByteArrayView Spaces = "spaces";
/// First segments that are never the namespace of a model (hub-api 1.2.4).
constexpr std::array<QByteArrayView, 3> ReservedRoots{"api", "v2", "artifactory"};

std::optional<PackageType> packageTypeFromPlural(QByteArrayView segment)
{
    if (segment == QByteArrayView("models"))
        return PackageType::Model;
    if (segment == QByteArrayView("datasets"))
        return PackageType::Dataset;
    return std::nullopt;
}

} // namespace

RouteTemplate::RouteTemplate(QByteArrayView text) : m_text(text.toByteArray())
{
    Q_ASSERT(m_text.startsWith('/'));
    const QList<QByteArray> parts = m_text.mid(1).split('/');
    for (const QByteArray& part : parts)
        addPieces(part);
    Q_ASSERT(std::none_of(m_pieces.begin(), m_pieces.end() - 1,
                          [](const Piece& p) { return p.part == Part::Rest; }));
}

void RouteTemplate::addPieces(const QByteArray& part)
{
    constexpr QByteArrayView WebType = "{tp}";
    constexpr QByteArrayView Id = "{id}";
    constexpr QByteArrayView FullId = "{full-id}";
    if (part.startsWith(WebType)) {
        m_pieces.push_back({Part::WebType, {}});
        addPieces(part.mid(WebType.size()));
    } else if (part.startsWith(Id))
        m_pieces.push_back({Part::Id, part.mid(Id.size())});
    else if (part.startsWith(FullId))
        m_pieces.push_back({Part::FullId, part.mid(FullId.size())});
    else if (part == "{type}")
        m_pieces.push_back({Part::Type, {}});
    else if (part == "{name}")
        m_pieces.push_back({Part::Name, {}});
    else if (part == "{ticket}")
        m_pieces.push_back({Part::Ticket, {}});
    else if (part == "{rest}")
        m_pieces.push_back({Part::Rest, {}});
    else {
        Q_ASSERT(!part.isEmpty() && !part.contains('{'));
        m_pieces.push_back({Part::Literal, part});
    }
}

bool RouteTemplate::hasId() const
{
    return has(Part::Id) || has(Part::FullId);
}

bool RouteTemplate::hasTicket() const
{
    return has(Part::Ticket);
}

bool RouteTemplate::has(Part part) const
{
    return std::any_of(m_pieces.begin(), m_pieces.end(),
                       [part](const Piece& piece) { return piece.part == part; });
}

std::optional<RouteMatch> RouteTemplate::match(std::span<const QByteArrayView> segments, int idSegments) const
{
    RouteMatch found;
    found.type = PackageType::Model;
    std::size_t at = 0;
    for (const Piece& piece : m_pieces) {
        if (!matchPiece(piece, segments, idSegments, at, found))
            return std::nullopt;
    }
    if (at != segments.size())
        return std::nullopt;
    return found;
}

bool RouteTemplate::matchPiece(const Piece& piece, std::span<const QByteArrayView> segments, int idSegments,
                               std::size_t& at, RouteMatch& found)
{
    if (at >= segments.size())
        return false;
    const QByteArrayView segment = segments[at];
    switch (piece.part) {
    case Part::Literal:
        ++at;
        return segment == piece.text;
    case Part::Type:
        ++at;
        found.type = packageTypeFromPlural(segment);
        return found.type.has_value() || segment == Spaces;
    case Part::WebType:
        if (std::find(ReservedRoots.begin(), ReservedRoots.end(), segment) != ReservedRoots.end())
            return false;
        found.type = packageTypeFromPlural(segment);
        if (found.type.has_value() || segment == Spaces)
            ++at;
        else
            found.type = PackageType::Model;
        return true;
    case Part::FullId:
        return idSegments == 2 && matchId(piece.text, segments, idSegments, at, found);
    case Part::Id:
        return matchId(piece.text, segments, idSegments, at, found);
    case Part::Name:
        ++at;
        found.names.append(segment.toByteArray());
        return true;
    case Part::Ticket:
        ++at;
        found.ticket = segment.toByteArray();
        return true;
    case Part::Rest:
        for (; at < segments.size(); ++at)
            found.rest.append(segments[at].toByteArray());
        return true;
    }
    return false;
}

bool RouteTemplate::matchId(const QByteArray& suffix, std::span<const QByteArrayView> segments,
                            int idSegments, std::size_t& at, RouteMatch& found)
{
    const auto count = static_cast<std::size_t>(idSegments);
    if (segments.size() - at < count)
        return false;
    QByteArray id = segments[at].toByteArray();
    if (count == 2)
        id += '/' + segments[at + 1].toByteArray();
    if (!id.endsWith(suffix))
        return false;
    id.chop(suffix.size());
    found.hasId = true;
    found.id = QString::fromUtf8(id);
    found.idBegin = static_cast<qsizetype>(at);
    found.idCount = static_cast<qsizetype>(count);
    found.idSuffix = suffix;
    at += count;
    return true;
}

} // namespace hublet::api
